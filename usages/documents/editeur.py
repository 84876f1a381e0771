"""La page d'un éditeur, à distribuer en réunion : ce qu'on attend de lui, en combien de temps il répond."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from programme.documents.rendu import rendre_pdf
from programme.documents.textes import instant
from programme.socle.dates import date_courte, date_longue
from programme.socle.nombres import accorde
from usages.dessins.delais import barres, en_mots
from usages.models import VersionSolution
from usages.services.editeurs.lecture import DemandeLue, Lecture, Route

GABARIT = "editeur.typ"
METHODE = (
    "Le délai va de l'envoi à la réponse. Une demande encore sans réponse compte pour ce qu'elle a déjà attendu, au "
    "moins (estimateur de Kaplan-Meier) : l'oublier flatterait qui laisse traîner. « Plus de n jours » : trop de "
    "demandes attendent encore pour en savoir davantage."
)


@dataclass(frozen=True, slots=True)
class Fiche:
    """La fiche prête à imprimer : son nom de fichier, son instant, ses données (du JSON simple)."""

    nom: str
    le: datetime
    donnees: dict[str, Any]

    def en_pdf(self) -> bytes:
        """Le PDF balisé."""
        return rendre_pdf(GABARIT, self.donnees, le=self.le)


def fiche_de(lu: Lecture) -> Fiche:
    """Tout ce que dit la page, en mots."""
    le = timezone.localtime()
    donnees = {
        "editeur": lu.editeur.nom,
        "grappe": lu.grappe.nom,
        "le": date_longue(lu.au),
        "partiel": "" if lu.entiere else "Pour les ESMS du périmètre de qui l'imprime.",
        "solutions": [[str(r.solution), accorde(r.nb_esms, "ESMS,ESMS")] for r in lu.routes],
        "chiffres": _chiffres(lu),
        "methode": METHODE,
        "tranches": [
            [b.nom, str(b.tranche.repondues), str(b.tranche.sans_reponse), b.repondues, b.sans_reponse]
            for b in barres(lu.tranches)
        ],
        "attendent": [_demande(d) for d in lu.attendent],
        "repondues": [_demande(d) for d in lu.repondues],
        "irritants": [
            [i.irritant.libelle, str(i.irritant.module or ""), str(i.nb_esms), str(i.nb_ouverts), str(i.nb_demandes)]
            for i in lu.irritants
        ],
        "routes": [_route(r) for r in lu.routes],
        "bloquants": [
            [str(t.ticket), str(t.ticket.parcours or "Toute la grappe"), str(t.ticket.module or "—"),
             date_courte(t.ticket.cree_le), accorde(t.jours, "jour")]
            for t in lu.bloquants
        ],
        "autres_bloquants": lu.nb_bloquants - len(lu.bloquants),
        "releve": f"Imprimé le {instant(le)}",
    }  # fmt: skip
    nom = f"editeur-{slugify(lu.editeur.nom)[:40]}-{slugify(lu.grappe.nom)[:40]}-{lu.au:%Y-%m-%d}.pdf"
    return Fiche(nom, le, donnees)


def _chiffres(lu: Lecture) -> list[list[str]]:
    delais = lu.delais
    return [
        ["Demandes sans réponse", f"{delais.nb_sans_reponse} sur {delais.nombre}"],
        ["La moitié répondues en", en_mots(delais.mediane)],
        ["Neuf sur dix répondues en", en_mots(delais.p90) if delais.p90.jours is not None else "moins de dix demandes"],
        ["Tickets bloquants, sans contournement", str(lu.nb_bloquants)],
    ]


def _demande(lue: DemandeLue) -> list[str]:
    d = lue.demande
    return [
        d.objet, str(d.get_nature_display()), str(d.module or ""), d.reference, date_courte(d.envoyee_le),
        accorde(lue.jours, "jour"),
    ]  # fmt: skip


def _route(route: Route) -> dict[str, Any]:
    return {
        "solution": str(route.solution),
        "lignes": [
            [v.version.nom, v.version.apports, _quand(v.version), _sur(v.faites, route.nb_esms), str(v.prevues)]
            for v in [*route.annoncees, *route.sorties]
        ],
    }


def _sur(faites: int, nb_esms: int) -> str:
    return f"{faites} sur {nb_esms}" if nb_esms else str(faites)


def _quand(version: VersionSolution) -> str:
    prevue: date | None = version.prevue_le
    if version.sortie_le:
        return f"sortie le {date_courte(version.sortie_le)}"
    return f"annoncée pour le {date_courte(prevue)}" if prevue else "annoncée, sans date"
