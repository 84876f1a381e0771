"""Documents des usages, à emporter."""
