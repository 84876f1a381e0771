"""Une grappe d'avant, dans la même région : soldée, tous ses ESMS en routine. Les prévisions lisent ses durées."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import accumulate

from programme.demonstration.annuaire import FICTIF, Invente, creer_les_esms, finess_de_fantaisie
from programme.demonstration.calendrier import Calendrier, jour_ouvre
from programme.demonstration.recit import Recit
from programme.demonstration.scenario import Fil, Pas
from programme.enums import FRISE_PARCOURS, EtatGrappe, EtatParcours
from programme.models import Grappe, OrganismeGestionnaire, Region, Solution, Utilisateur
from programme.services.grappes import creer_grappe
from programme.socle.porte import changer_etat

E = EtatParcours
NOM = "Coteaux du Lyonnais"
CHEF = "conduite-coteaux"

ESMS = (
    ("EHPAD Les Glycines", "500", "Tarare", "69", "69170", False, (62, 95, 84, 71, 183)),
    ("EHPAD Le Grand Tilleul", "500", "L'Arbresle", "69", "69210", False, (74, 131, 119, 98, 244)),
    ("Résidence autonomie Les Mésanges", "202", "Givors", "69", "69700", False, (58, 88, 102, 63, 156)),
    ("IME Le Petit Bois", "183", "Villefranche-sur-Saône", "69", "69400", True, (41, 77, 92, 61, 84, 211)),
    ("SESSAD Le Petit Bois", "182", "Villefranche-sur-Saône", "69", "69400", False, (90, 104, 168, 112, 297)),
    ("ITEP La Croisée", "186", "Roanne", "42", "42300", False, (118, 143, 201, 139, 338)),
    ("ESAT Les Ateliers du Pont", "246", "Saint-Chamond", "42", "42400", True, (35, 70, 88, 74, 66, 162)),
    ("Foyer de vie La Grange", "382", "Montbrison", "42", "42600", False, (83, 117, 146, 91, 229)),
    ("MAS Les Hauts Prés", "255", "Feurs", "42", "42110", False, (102, 160, 223, 127, 276)),
    ("SAVS L'Étape", "446", "Roanne", "42", "42300", False, (66, 81, 95, 58, 140)),
    ("SSIAD Les Deux Vallées", "354", "Tarare", "69", "69170", True, (49, 63, 79, 57, 73, 198)),
    ("MECS La Passerelle", "177", "Givors", "69", "69700", False, (95, 122, 174, 105, 312)),
    ("SAMSAH L'Étape", "445", "Roanne", "42", "42300", False, (71, 92, 110, 67, 171)),
    ("Foyer d'hébergement Le Pont", "252", "Saint-Chamond", "42", "42400", False, (88, 109, 151, 84, 205)),
    ("EAM Les Terrasses", "448", "Feurs", "42", "42110", False, (110, 138, 190, 118, 261)),
)
"""Nom, catégorie, ville, département, code postal, pilote, jours passés dans chaque état jusqu'à la routine."""

MOTIF = "Reprise de l'existant : l'histoire de cette grappe était finie."
PRESENTATION = (
    "Démonstration : cette grappe, ses ESMS et leurs numéros sont inventés. Son histoire est finie ; elle dit combien "
    "de temps chaque étape a pris."
)


def creer(comptes: Mapping[str, Utilisateur], solutions: Mapping[str, Solution], calendrier: Calendrier) -> Grappe:
    """Bâtit la grappe et constate, avec toutes leurs dates, où en sont ses ESMS."""
    og = OrganismeGestionnaire.objects.create(nom="Entraide des Coteaux (fictif)")
    entree = calendrier.mois(40, 12)
    esms = creer_les_esms(og, _inventes())
    grappe = creer_grappe(
        nom=NOM,
        par=comptes["admin"],
        chef=comptes[CHEF],
        porteur=og,
        region=Region.objects.get(nom="Auvergne-Rhône-Alpes"),
        solution=solutions["Margelle"],
        annee_financement=calendrier.mois(38, 5).year,
        presentation=PRESENTATION,
    )
    grappe.affectations.update(du=entree)
    recit = Recit(grappe, comptes, CHEF, calendrier.aujourdhui)
    recit.accueillir([_fil(rang, e.finess, entree) for rang, e in enumerate(esms)], entree)
    recit.rejouer()
    changer_etat(
        grappe, "constater", par=comptes[CHEF], vers=EtatGrappe.SOLDEE, date_effet=calendrier.mois(4, 9), motif=MOTIF
    )
    return grappe


def _inventes() -> list[Invente]:
    return [
        Invente(finess_de_fantaisie(departement, 100 + rang), f"{nom} {FICTIF}", categorie, ville, departement, code)
        for rang, (nom, categorie, ville, departement, code, *_) in enumerate(ESMS)
    ]


def _fil(rang: int, finess: str, entree: date) -> Fil:
    *_, pilote, jours = ESMS[rang]
    franchis = [e for e in FRISE_PARCOURS[1:] if pilote or e != E.PILOTE]
    dates = [jour_ouvre(entree + timedelta(days=total)) for total in accumulate(jours)]
    etapes = {E.RECENSE.value: entree} | {e.value: le for e, le in zip(franchis, dates, strict=True)}
    details = {"vers": E.ROUTINE, "etapes": etapes}
    return Fil(
        finess=finess,
        pilote=pilote,
        passages=(Pas("constater", dates[-1], MOTIF, CHEF, details),),
    )
