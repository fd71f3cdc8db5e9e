"""What people and the telephone ask in a storm."""
