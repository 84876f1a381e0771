"""L'analyse de risques d'un ESMS à emporter : six lignes, la matrice, le registre ouvert, ce qui est lancé."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from programme.documents.rendu import rendre_pdf
from programme.documents.textes import instant
from programme.models import Action, Parcours, Utilisateur
from programme.permissions import peut_lire_preparation
from programme.socle.dates import date_courte
from programme.socle.models import Passage
from programme.socle.nombres import accorde, finess
from risques.calculs.criticite import Bornes, niveau
from risques.dessins import matrice
from risques.enums import CategorieRisque, Impact, NiveauRisque, ObjetPartage, Probabilite
from risques.models import AnalyseLocale, LigneAnalyse, Risque
from risques.models.analyses import DITES
from risques.models.partages import PartageRisques
from risques.permissions import peut_saisir_analyse
from risques.services.analyses import lignes_pour
from risques.services.baremes import bareme_de
from risques.services.registre import actions_nees

GABARIT = "analyse_risques.typ"
CONFIDENTIEL = (
    "Confidentiel : réservé à l'ESMS et à la conduite de sa grappe. Le financeur ne lit ce document que si la "
    "direction lui ouvre un partage daté, et seulement ce qui est transmis."
)
PARTAGE = "Confidentiel : lu par un partage que la direction de l'ESMS a ouvert{}. Il ne se diffuse pas plus loin."
_RANGS = list(NiveauRisque)


@dataclass(frozen=True, slots=True)
class AnalyseImprimee:
    """Le document prêt à imprimer : son nom de fichier, son instant, ses données (du JSON simple)."""

    nom: str
    le: datetime
    donnees: dict[str, Any]

    def en_pdf(self) -> bytes:
        """Le PDF balisé."""
        return rendre_pdf(GABARIT, self.donnees, le=self.le)


def analyse_de(parcours: Parcours, *, par: Utilisateur) -> AnalyseImprimee:
    """L'analyse telle que ce lecteur la lit : ce qui n'est pas transmis, seulement à qui saisit pour l'ESMS.

    Le financeur n'y trouve aucune action.
    """
    le = timezone.localtime()
    bornes, confie = bareme_de(parcours.grappe).bornes, bool(peut_lire_preparation(par, parcours))
    analyse = AnalyseLocale.objects.visibles_par(par).pour_lecture().filter(parcours=parcours).first()
    risques = list(
        Risque.objects.visibles_par(par)
        .filter(parcours=parcours)
        .ouverts()
        .avec_criticite()
        .select_related("proprietaire")
        .order_by("-criticite", "-criticite_brute", "pk")
    )
    donnees = {
        "esms": str(parcours),
        "finess": finess(parcours.esms.finess),
        "releve": f"Relevé du {instant(le)}",
        "mention": _mention(parcours, confie),
        "identite": _identite(parcours),
        **_transmission(analyse, bool(peut_saisir_analyse(par, parcours))),
        "lignes": _lignes(lignes_pour(analyse, par=par) if analyse else [], bornes),
        "bornes": _bornes(bornes),
        "matrice": _matrice(risques, bornes),
        "bilan": accorde(len(risques), "risque ouvert,risques ouverts"),
        "registre": [_risque(r, bornes, le, confie) for r in risques],
        "actions": [_action(a) for a in actions_nees(parcours, par=par)],
    }
    return AnalyseImprimee(f"risques-{slugify(str(parcours))[:60]}-{le:%Y-%m-%d}.pdf", le, donnees)


def _mention(parcours: Parcours, confie: bool) -> str:
    if confie:
        return CONFIDENTIEL
    partage = PartageRisques.objects.en_vigueur().filter(parcours=parcours, objet=ObjetPartage.RISQUES).first()
    return PARTAGE.format(f" jusqu'au {date_courte(partage.au)}" if partage and partage.au else "")


def _identite(parcours: Parcours) -> list[list[str]]:
    esms = parcours.esms
    lignes = [
        ("FINESS", finess(esms.finess)),
        ("Ville", esms.ville),
        ("Catégorie", str(esms.categorie or "")),
        ("Organisme gestionnaire", str(esms.og or "")),
        ("Grappe", str(parcours.grappe)),
    ]
    return [[nom, valeur] for nom, valeur in lignes if valeur]


def _transmission(analyse: AnalyseLocale | None, saisit: bool) -> dict[str, Any]:
    """Où en est l'analyse, et de quand sont les lignes. `saisit` : ce lecteur lit ce qui s'écrit encore."""
    if analyse is None:
        return {"etat": "Aucune analyse à lire", "provisoire": True, "transmission": "Rien n'a encore été transmis."}
    envoi = Passage.objects.de(analyse).filter(transition="transmettre").select_related("par").last()
    phrase = "Rien n'a encore été transmis."
    if envoi:
        phrase = f"Transmise le {date_courte(envoi.date_effet)} par {envoi.par} ({envoi.role.lower()})."
    provisoire = analyse.etat not in DITES
    if provisoire and envoi:
        lues = "ne sont pas encore retransmises" if saisit else "sont celles de cette transmission"
        phrase += f" Elle a été rouverte depuis : les lignes ci-dessous {lues}."
    return {"etat": str(analyse.get_etat_display()), "provisoire": provisoire, "transmission": phrase}


def _niveau(valeur: int, bornes: Bornes) -> dict[str, Any]:
    lu = niveau(valeur, bornes)
    return {"rang": _RANGS.index(lu) + 1, "mot": str(lu.label)}


def _lignes(lues: list[LigneAnalyse], bornes: Bornes) -> list[dict[str, Any]]:
    """Les six catégories, dans l'ordre ; celle qui manque se dit."""
    dites = {x.categorie: x for x in lues}
    return [_ligne(str(c.label), dites.get(c), bornes) for c in CategorieRisque] if dites else []


def _ligne(nom: str, ligne: LigneAnalyse | None, bornes: Bornes) -> dict[str, Any]:
    vide = {"categorie": nom, "probabilite": "à dire", "impact": "à dire", "criticite": "", "niveau": None, "mot": ""}
    if ligne is None or ligne.criticite is None:
        return vide | {"mot": ligne.mot if ligne else ""}
    return {
        "categorie": nom,
        "probabilite": f"{ligne.probabilite} {ligne.get_probabilite_display().lower()}",
        "impact": f"{ligne.impact} {ligne.get_impact_display().lower()}",
        "criticite": str(ligne.criticite),
        "niveau": _niveau(ligne.criticite, bornes),
        "mot": ligne.mot,
    }


def _bornes(bornes: Bornes) -> str:
    return (
        f"Criticité : probabilité × impact, de 1 à 16. Significatif à partir de {bornes.significatif}, critique à "
        f"partir de {bornes.critique}, inacceptable à partir de {bornes.inacceptable} : le barème de la grappe."
    )


def _matrice(risques: list[Risque], bornes: Bornes) -> dict[str, Any]:
    """Combien de risques ouverts par case, à leur cotation du moment."""
    cotes = [
        matrice.RisqueLu(
            f"R{r.pk}",
            r.libelle,
            r.probabilite_residuelle or r.probabilite,
            r.impact_residuel or r.impact,
        )
        for r in risques
    ]
    grille = matrice.dessiner(cotes, lambda p, i: niveau(p * i, bornes)).grilles[0]
    return {
        "impacts": [f"{i.value} {i.label}" for i in Impact],
        "rangees": [
            {
                "probabilite": f"{r.chiffre} {Probabilite(r.chiffre).label}",
                "cases": [{"rang": c.rang, "mot": c.niveau, "nombre": c.nombre} for c in r.cases],
            }
            for r in grille.rangees
        ],
    }


def _risque(risque: Risque, bornes: Bornes, le: datetime, confie: bool) -> dict[str, Any]:
    """`confie` faux : le financeur, qui ne lit ni la précision, ni qui suit le risque."""
    retard = risque.revue_le is not None and risque.revue_le < le.date()
    return {
        "libelle": risque.libelle,
        "precision": risque.precision if confie else "",
        "categorie": str(risque.get_categorie_display()),
        "brut": f"{risque.brut} ({risque.probabilite} × {risque.impact})",
        "residuel": "" if risque.residuel is None else str(risque.residuel),
        "niveau": _niveau(risque.cote, bornes),
        "suivi": (risque.nom_du_proprietaire or "à désigner") if confie else "",
        "revue": date_courte(risque.revue_le) + (", passée" if retard else "") if risque.revue_le else "sans date",
        "etat": str(risque.get_etat_display()),
    }


def _action(action: Action) -> list[str]:
    return [
        action.libelle,
        action.nom_du_responsable or "à désigner",
        date_courte(action.echeance) if action.echeance else "sans date",
        str(action.get_etat_display()),
    ]
