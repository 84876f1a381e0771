"""Les chiffres d'un relevé : les lire et les écrire d'un bloc, en juger, les calculer, les pousser, les préciser."""
