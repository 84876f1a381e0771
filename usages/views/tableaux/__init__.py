"""Les tableaux de bord : un ESMS, une grappe, un organisme, une région, le pays."""
