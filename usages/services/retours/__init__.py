"""Les retours de terrain : `depot` les reçoit une seule fois, les autres modules les traitent et y répondent."""
