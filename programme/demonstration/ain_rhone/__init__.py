"""La grappe multi-OG, un module par famille d'ESMS."""
