"""Ce que lisent les tableaux de bord : un ESMS, un ensemble (grappe, organisme), un territoire (région, pays)."""
