"""Les pages de la formation et des droits d'accès, parmi celles d'une grappe et d'un ESMS."""

from programme.socle.onglets import ranger_chez_les_grappes

ranger_chez_les_grappes(
    "professionnel",
    "poste",
    "moduleformation",
    "formateur",
    "session",
    "sessionformation",
    "inscription",
    "profil",
    "matrice",
    "compte-dui",
    "mesure",
    "objectif",
    "bilan",
)
