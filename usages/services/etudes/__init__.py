"""Une étude : ce que ses visites ont fait constater, mis ensemble."""
