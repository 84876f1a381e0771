"""Ce qui écrit plusieurs lignes, ou lit à travers plusieurs agrégats."""
