"""Où en est la grappe : par état, par vague, et ce qui a bougé depuis la séance d'avant."""

from collections import Counter

from django.db.models import Count

from programme.chapitres.communs import borner, debut_de, depuis_en_mots, parcours_de, sur
from programme.enums import EtatOuverture, EtatParcours
from programme.models import Ouverture, Parcours
from programme.services.calendrier import VagueLue, lire_calendrier, par_vague
from programme.socle.chapitres import Bloc, Chiffres, Demande, Tableau, Texte, inscrire
from programme.socle.dates import date_courte
from programme.socle.enums import Nature
from programme.socle.models import Passage
from programme.socle.nombres import ABSENT, nombre, pourcentage

ARRIVES = (EtatParcours.SERVICE_REGULIER, EtatParcours.ROUTINE)
_OUVERTES = (EtatOuverture.OUVERTE, EtatOuverture.STABILISEE)


@inscrire("avancement", "Où en est la grappe", 20)
def avancement(demande: Demande) -> list[Bloc]:
    """ESMS par état et par vague, ouvertures faites, passages franchis depuis."""
    lignes = lire_calendrier(parcours_de(demande), demande.au)
    if not lignes:
        return [Texte("Aucun ESMS n'est encore engagé dans cette grappe.")]
    parcours = {ligne.parcours.pk: ligne.parcours for ligne in lignes}
    return [
        _chiffres(parcours),
        _par_etat(parcours),
        _par_vague(par_vague(demande.grappe, lignes)),
        _passages(demande, parcours),
    ]


def _arrives(parcours: list[Parcours]) -> int:
    return sum(p.etat in ARRIVES for p in parcours)


def _chiffres(parcours: dict[int, Parcours]) -> Chiffres:
    au_perimetre = Ouverture.objects.au_perimetre().filter(unite__parcours__in=list(parcours)).order_by()
    etats = dict(au_perimetre.values_list("etat").annotate(nombre=Count("pk")))
    return Chiffres(
        (
            ("ESMS dans le projet", nombre(len(parcours))),
            ("En service régulier ou en routine", sur(_arrives(list(parcours.values())), len(parcours))),
            ("Ouvertures faites (unités × modules)", sur(sum(etats.get(e, 0) for e in _OUVERTES), sum(etats.values()))),
        )
    )


def _par_etat(parcours: dict[int, Parcours]) -> Tableau:
    comptes = Counter(p.etat for p in parcours.values())
    lignes = tuple(
        (str(e.label), nombre(comptes[e.value]), pourcentage(comptes[e.value] / len(parcours)))
        for e in EtatParcours
        if comptes[e.value]
    )
    return Tableau("ESMS par état", ("État", "ESMS", "Part"), lignes)


def _par_vague(vagues: list[VagueLue]) -> Tableau:
    colonnes = ("Vague", "Fenêtre prévue", "ESMS", "En chemin", "Capacité", "En service ou en routine")
    return Tableau(
        "ESMS par vague de déploiement",
        colonnes,
        tuple(_vague(v) for v in vagues),
        "Aucune vague de déploiement n'est dessinée.",
    )


def _vague(lue: VagueLue) -> tuple[str, ...]:
    vague = lue.vague
    prevue = (
        f"{date_courte(vague.debut)} → {date_courte(vague.fin)}" if vague and (vague.debut or vague.fin) else ABSENT
    )
    capacite = nombre(vague.capacite) if vague else ABSENT
    if vague and vague.capacite is not None and lue.en_chemin > vague.capacite:
        capacite += ", dépassée"
    arrives = _arrives([ligne.parcours for ligne in lue.lignes])
    return (lue.nom, prevue, nombre(len(lue.lignes)), nombre(lue.en_chemin), capacite, nombre(arrives))


def _passages(demande: Demande, parcours: dict[int, Parcours]) -> Tableau:
    passes = Passage.objects.de_plusieurs(Parcours, list(parcours)).filter(
        date_effet__gte=debut_de(demande), date_effet__lte=demande.au
    )
    mots = dict(EtatParcours.choices)
    lus = passes.order_by("date_effet", "pk").values_list("objet_id", "de", "vers", "date_effet", "nature")
    lignes = [
        (
            str(parcours[cle]),
            f"{mots.get(de, de)} → {mots.get(vers, vers)}",
            date_courte(le),
            "sous réserve" if nature == Nature.SOUS_RESERVE else "constaté" if nature == Nature.CONSTAT else "décidé",
        )
        for cle, de, vers, le, nature in lus
    ]
    titre = f"Passages franchis {depuis_en_mots(demande.depuis)}"
    return borner(
        titre, ("ESMS", "Passage", "Le", "Comment"), lignes, f"Aucun passage {depuis_en_mots(demande.depuis)}."
    )
