"""Le moment de quelques ESMS : une proposition, une demande, un désaccord, des conflits, deux candidatures. Inventé."""

from collections.abc import Mapping
from datetime import date, timedelta

from programme.demonstration.ain_rhone.grappe import ENFANCE, NOM
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.recit import a_neuf_heures, franchir
from programme.enums import CriterePilote, NatureConflit
from programme.models import ConflitCalendrier, Grappe, Parcours, Utilisateur
from programme.services.candidatures import presenter
from programme.services.lignes import enregistrer
from programme.services.moments import choisir_vague, proposer_vague

MAISON, LANGAGE, ALLEVARD, BOURG, FRETA = ENFANCE[2], "010011914", "380793612", "010007391", "010789824"
C = CriterePilote
CANDIDATS: dict[str, tuple[str, str, dict[str, tuple[str, str]]]] = {
    BOURG: (
        "direction-adultes",
        "Une équipe mobile de neuf personnes, qui veut essayer avant les foyers.",
        {
            C.VOLONTAIRE: ("oui", "Annoncé en réunion d'équipe."),
            C.DISPONIBLE: ("oui", "Deux demi-journées par semaine."),
            C.STABLE: ("non", "Un poste de cheffe de service à pourvoir."),
            C.TAILLE: ("oui", ""),
            C.REPRESENTATIF: ("oui", "Le travail à domicile, comme les deux autres services."),
        },
    ),
    FRETA: (
        "direction-travail-logement",
        "L'ESAT voisin a été pilote : nous profiterions de ses relais.",
        {
            C.VOLONTAIRE: ("oui", ""),
            C.STABLE: ("oui", "Aucun départ prévu avant l'été."),
            C.TAILLE: ("oui", "Vingt-six personnes accompagnées."),
            C.TRANSMET: ("oui", "Deux relais ont déjà raconté le pilote de l'ESAT."),
        },
    ),
}


def creer(comptes: Mapping[str, Utilisateur], calendrier: Calendrier) -> None:
    """Chacun écrit ce qui lui revient, par les services et par la porte."""
    connus = {nom: Utilisateur.objects.get(pk=compte.pk) for nom, compte in comptes.items()}
    grappe = Grappe.objects.get(nom=NOM)
    lus = Parcours.objects.filter(grappe=grappe).select_related("esms__departement", "grappe")
    parcours = {p.esms.finess: p for p in lus}
    _conflits(parcours, connus, calendrier)
    _moments(grappe, parcours, connus, calendrier)
    for finess, (compte, mot, criteres) in CANDIDATS.items():
        presenter(
            parcours=parcours[finess],
            par=connus[compte],
            mot=mot,
            criteres=criteres,
            le=a_neuf_heures(calendrier.jours(13)),
        )


def _moments(
    grappe: Grappe, parcours: Mapping[str, Parcours], comptes: Mapping[str, Utilisateur], c: Calendrier
) -> None:
    vagues = {v.numero: v for v in grappe.vagues.all()}
    cheffe, domicile = comptes["cheffe"], comptes["direction-domicile"]
    choisir_vague(
        parcours=parcours[BOURG],
        vague=vagues[4],
        par=comptes["direction-adultes"],
        mot="Après le recrutement de la cheffe de service.",
        **_le(c.jours(27)),
    )
    proposer_vague(
        parcours=parcours[MAISON],
        vague=vagues[4],
        par=cheffe,
        mot="Votre ouverture glisse : la vague 4 vous garde l'accompagnatrice jusqu'en juin.",
        **_le(c.jours(6)),
    )
    choisir_vague(
        parcours=parcours[LANGAGE],
        vague=vagues[3],
        par=comptes["direction-surdite"],
        mot="Nos deux services se forment ensemble : nous préférons ne pas les séparer.",
        **_le(c.jours(9)),
    )
    litige = proposer_vague(
        parcours=parcours[ALLEVARD], vague=vagues[4], par=cheffe, mot="Il reste de la place.", **_le(c.jours(24))
    )
    franchir(
        litige,
        "demander",
        par=domicile,
        le=c.jours(19),
        vague=vagues[3],
        motif="Au printemps, nous changeons de télégestion : deux chantiers à la fois ne tiendraient pas.",
    )
    franchir(
        litige,
        "porter",
        par=cheffe,
        le=c.jours(8),
        motif="La vague 3 accompagne déjà plus d'ESMS que prévu ; la direction n'a pas d'autre fenêtre.",
    )


def _le(jour: date) -> dict:
    return {"le": a_neuf_heures(jour), "date_effet": jour}


def _conflits(parcours: Mapping[str, Parcours], comptes: Mapping[str, Utilisateur], c: Calendrier) -> None:
    evaluation, printemps = c.dans(3, 10), c.dans(4, 5)
    lignes: tuple[tuple[str, str, str, date, date | None, str], ...] = (
        (MAISON, "directrice", NatureConflit.EVALUATION, evaluation, evaluation + timedelta(days=2), ""),
        (MAISON, "directrice", NatureConflit.FERMETURE, c.dans(5, 2), c.dans(5, 16), "Séjour d'été préparé avant"),
        (ENFANCE[1], "directrice", NatureConflit.TRAVAUX, c.dans(2, 1), c.dans(3, 28), "Aile des ateliers fermée"),
        (ALLEVARD, "direction-domicile", NatureConflit.PROJET, printemps, c.dans(6, 25), "Nouvelle télégestion"),
        (FRETA, "direction-travail-logement", NatureConflit.DEMENAGEMENT, c.dans(6, 10), c.dans(6, 14), ""),
    )
    for finess, compte, nature, debut, fin, note in lignes:
        enregistrer(
            parcours=parcours[finess],
            modele=ConflitCalendrier,
            valeurs={"nature": nature, "debut": debut, "fin": fin, "note": note},
            par=comptes[compte],
        )
