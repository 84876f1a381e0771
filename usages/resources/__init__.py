"""Fichiers venus du dehors : tickets, tableau de bord ESMS."""
