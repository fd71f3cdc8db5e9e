"""The resident's own pages (我的用电): server-rendered, for telephones first."""
