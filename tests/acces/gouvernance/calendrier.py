"""La table d'accès de la gouvernance : calendrier."""

from tests.acces.lignes import PUBLIQUE, Ligne, qui

# Le financeur n'y vient que par un partage, et n'a alors que le compte rendu.
SUIT_LA_SEANCE = qui("chef_projet membre admin", "admin etranger")

LIGNES: dict[str, Ligne] = {
    "gouvernance:calendrier": Ligne(ecrit=True),
    # L'adresse dit qui lit : la session, ou son absence, n'y change rien.
    "gouvernance:calendrier-flux": Ligne(lambda c: {"jeton": c.calendrier}, **(PUBLIQUE | {"genre": "fichier"})),
    "gouvernance:seance-ics": Ligne(lambda c: {"pk": c.seance.pk}, SUIT_LA_SEANCE, genre="fichier"),
}
