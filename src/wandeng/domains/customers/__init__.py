"""Customers 客户: parties, accounts (户号), supply agreements (供用电合同) and verified contacts."""
