"""Ce qui se lit en tableaux : le seul endroit des usages où vit pandas."""
