"""Les relevés : les ouvrir, les montrer, en liste et par lot, les donner, les emporter en classeur."""
