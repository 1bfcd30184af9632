"""What Python programs use, and the command line on top of it: networks, plans, costs, exports, verdicts."""
