"""Les pages des études : la liste, une étude et son équipe, son entonnoir."""
