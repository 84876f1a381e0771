"""Ce qui s'emporte de la gouvernance : le compte rendu d'une séance, son dossier."""
