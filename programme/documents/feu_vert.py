"""Le dossier de feu vert d'un ESMS : de quoi décider un passage, puis ce qui a été décidé.

Deux formes. « À décider » : l'état du jour, avec l'heure du relevé. « Décidé » : refait depuis le journal, qui garde
les constats du moment ; le même passage redonne le même document.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import slugify

from programme.calculs.frise import noeuds, sans_objet, tableau
from programme.documents.rendu import rendre_pdf
from programme.documents.textes import (
    a_decider,
    alternative,
    decision,
    dire_constat,
    dire_date,
    dire_fait,
    dire_grille,
    dire_levee,
    dire_proposition,
    dire_report,
    dire_verification,
    identite,
    instant,
)
from programme.enums import EtatOuverture, EtatParcours
from programme.models import Etape, Ouverture, Parcours, Utilisateur, Verification
from programme.services.lecture_parcours import frise_de, qui_decide, reste_de
from programme.services.parcours import PASSAGES_DU_DIRECTEUR
from programme.services.reports import reports_en_cours
from programme.services.reserves import reserves_de
from programme.socle.conditions import evaluer
from programme.socle.dates import date_courte
from programme.socle.decompte import compter
from programme.socle.machine import champ_de
from programme.socle.models import Derogation, Passage
from programme.socle.nombres import accorde
from programme.socle.porte import lire

GABARIT = "feu_vert.typ"
A_OUVRIR = (EtatOuverture.A_PREPARER, EtatOuverture.PRETE)


@dataclass(frozen=True, slots=True)
class Dossier:
    """Un dossier prêt à imprimer : son nom de fichier, son instant, ses données (du JSON simple)."""

    nom: str
    le: datetime
    donnees: dict[str, Any]

    def en_pdf(self) -> bytes:
        """Le PDF balisé."""
        return rendre_pdf(GABARIT, self.donnees, le=self.le)


def decides(parcours: Parcours) -> QuerySet[Passage]:
    """Les passages que la direction a décidés, du plus ancien au plus récent : chacun a son dossier."""
    return Passage.objects.de(parcours).filter(transition__in=PASSAGES_DU_DIRECTEUR).select_related("par")


def dernier_decide(parcours: Parcours) -> Passage | None:
    """Le dernier passage décidé, s'il y en a un : ce que montre la fiche quand rien n'attend."""
    return decides(parcours).last()


def dossier_de(parcours: Parcours, *, par: Utilisateur, passage: Passage | None = None) -> Dossier:
    """Le dossier de ce passage décidé ; sans lui, celui du passage à venir.

    Quand rien n'attend l'ESMS (routine, suspendu, sorti), le dernier dossier décidé, précédé d'une phrase qui le dit ;
    s'il n'y en a pas, la phrase seule.
    """
    if passage is not None:
        return _decide(parcours, passage)
    if parcours.prochaine:
        return _a_decider(parcours, par)
    phrase = _rien_n_attend(parcours)
    if dernier := dernier_decide(parcours):
        suite = " Voici le dernier dossier décidé."
        return _decide(parcours, dernier, avertissement=phrase + suite)
    return _sans_passage(parcours, phrase)


def _rien_n_attend(parcours: Parcours) -> str:
    ou = {
        EtatParcours.ROUTINE: "l'ESMS est en routine",
        EtatParcours.SUSPENDU: "l'ESMS est suspendu ; il reprendra là où il s'était arrêté",
        EtatParcours.SORTI: "l'ESMS est sorti du projet",
    }[EtatParcours(parcours.etat)]
    return f"Aucun passage n'est à décider : {ou}."


def _nom(parcours: Parcours, suite: str) -> str:
    return f"feu-vert-{slugify(str(parcours))[:60]}-{suite}.pdf"


def _socle(parcours: Parcours, le: datetime) -> dict[str, Any]:
    """Ce que toutes les formes portent : le gabarit ne teste pas si une clé manque."""
    return {
        "forme": "sans_passage",
        "esms": str(parcours),
        "finess": parcours.esms.finess,
        "passage": "",
        "releve": f"Relevé du {instant(le)}",
        "avertissement": "",
        "identite": identite(parcours),
        "frise": [],
        "frise_alt": "",
        "dates": [],
        "bilan": "",
        "reste": [],
        "reunies": [],
        "levees": [],
        "masquees": "",
        "reserves": [],
        "grille": None,
        "verifications": [],
        "faits": [],
        "propositions": [],
        "qui_decide": "",
        "decision": None,
    }


def _sans_passage(parcours: Parcours, phrase: str) -> Dossier:
    le = timezone.localtime()
    donnees = _socle(parcours, le) | {"avertissement": phrase} | _frise(frise_de(parcours, le.date()))
    return Dossier(_nom(parcours, f"{le:%Y-%m-%d}"), le, donnees)


# --- à décider -----------------------------------------------------------------------------------------------------


def _a_decider(parcours: Parcours, par: Utilisateur) -> Dossier:
    le = timezone.localtime()
    au = le.date()
    lecture = lire(parcours, parcours.prochaine, par=par)
    reste = reste_de(lecture.constats, parcours)
    levees = {d.condition: d for d in Derogation.objects.filter(parcours=parcours).en_vigueur(au).order_by("pk")}
    report = reports_en_cours([parcours.pk], au).get(parcours.pk)
    propositions = parcours.propositions.en_attente().select_related("proposee_par")
    donnees = _socle(parcours, le) | {
        "forme": "a_decider",
        "passage": str(Parcours.transitions()[parcours.prochaine].custom["verbe"]),
        "bilan": a_decider(lecture),
        "reste": [dire_constat(c) for c, _ in reste.manques],
        "reunies": [dire_constat(c) for c in reste.reunies],
        "levees": [dire_levee(c.condition.libelle, c.levee_par, levees.get(c.condition.code)) for c in reste.levees],
        "masquees": ", ".join(c.condition.libelle for c in reste.masquees),
        "reserves": [
            {"libelle": r.constat.condition.libelle, "mesure": r.constat.mesure, "depuis": date_courte(r.depuis)}
            for r in reserves_de([parcours]).get(parcours.pk, [])
        ],
        "grille": _grille_du_jour(parcours),
        "verifications": [dire_verification(v) for v in _verifications(parcours)],
        "faits": [dire_fait(f) for f in parcours.faits.order_by("date", "pk")],
        "propositions": [dire_proposition(p) for p in propositions] + ([dire_report(report)] if report else []),
        "qui_decide": qui_decide(parcours, au),
    }
    return Dossier(_nom(parcours, f"{le:%Y-%m-%d}"), le, donnees | _frise(frise_de(parcours, au)))


def _frise(lue: dict[str, Any]) -> dict[str, Any]:
    return {
        "frise": [{"nom": n.nom, "statut": n.statut, "date": n.date} for n in lue["frise"]],
        "frise_alt": alternative(lue["frise"]),
        "dates": [dire_date(ligne) for ligne in lue["dates"]],
    }


def _grille_du_jour(parcours: Parcours) -> dict[str, Any] | None:
    """Unité × module, avec ce qui est réuni pour ouvrir ce qui est encore fermé."""
    lignes = Ouverture.objects.filter(unite__parcours=parcours).select_related("unite", "module")
    constats = evaluer(lignes.filter(etat__in=A_OUVRIR), "ouvrir")
    decomptes = {cle: compter(liste) for cle, liste in constats.items()}
    return dire_grille([(o, o.etat, decomptes.get(o.pk)) for o in lignes])


def _verifications(parcours: Parcours) -> QuerySet[Verification]:
    """VA et VSR qui valent pour cet ESMS : du marché, du lot de son OG, ou à lui seul."""
    portee = Q(og__isnull=True, parcours__isnull=True) | Q(parcours=parcours)
    if parcours.esms.og_id:
        portee |= Q(og=parcours.esms.og_id)
    return Verification.objects.filter(portee, grappe=parcours.grappe_id).order_by("type", "prononcee_le", "pk")


# --- décidé --------------------------------------------------------------------------------------------------------


def _decide(parcours: Parcours, passage: Passage, avertissement: str = "") -> Dossier:
    """Tout vient du journal : constats, qui, quand, pourquoi ; les dates et les ouvertures de cet instant-là."""
    le = timezone.localtime(passage.enregistre_le)
    alors = _parcours_d_alors(parcours, passage)
    constats = [c for c in passage.constats if c["ok"] is not None and c["severite"] != "masquee"]
    manques = [c for c in constats if not c["ok"] and not c["levee_par"]]
    manques.sort(key=lambda c: (c["severite"] == "avertit", c["severite"] != "barre"))
    reunies = [c for c in constats if c["ok"]]
    total, nombre = accorde(len(constats), "condition"), accorde(len(reunies), "réunie")
    donnees = _socle(alors, le) | {
        "forme": "decide",
        "passage": str(Parcours.transitions()[passage.transition].custom["verbe"]),
        "releve": f"Refait depuis le journal ; constats du {instant(le)}",
        "avertissement": avertissement,
        "bilan": f"{total}, {nombre} au jour de la décision." if constats else "Aucune condition n'était demandée.",
        "reste": [dire_constat(c) for c in manques],
        "reunies": [dire_constat(c) for c in reunies],
        "levees": [dire_levee(c["libelle"], c["levee_par"]) for c in constats if not c["ok"] and c["levee_par"]],
        "masquees": ", ".join(c["libelle"] for c in passage.constats if c["severite"] == "masquee"),
        "grille": _grille_d_alors(parcours, passage),
        "decision": decision(passage, dict(champ_de(Parcours).flatchoices)),
    }
    return Dossier(_nom(parcours, f"{passage.date_effet:%Y-%m-%d}"), le, donnees | _frise_d_alors(alors, passage))


def _parcours_d_alors(parcours: Parcours, passage: Passage) -> Parcours:
    """La fiche telle que son historique la garde à l'instant du passage ; sans historique, celle d'aujourd'hui."""
    version = parcours.history.filter(history_date__lte=passage.enregistre_le).order_by("history_date", "history_id")
    ancienne = version.select_related("vague", "solution").last()
    if ancienne is None:
        return parcours
    alors = Parcours(pk=parcours.pk, esms=parcours.esms, grappe=parcours.grappe)
    alors.solution, alors.vague = ancienne.solution, ancienne.vague
    alors.type_projet, alors.point_depart = ancienne.type_projet, ancienne.point_depart
    alors.est_pilote = ancienne.est_pilote
    return alors


def _frise_d_alors(alors: Parcours, passage: Passage) -> dict[str, Any]:
    """Les dates telles que leur historique les garde à cet instant ; sans historique, celles du journal."""
    etapes = {e.etat: e for e in Etape.history.as_of(passage.enregistre_le).filter(parcours=alors.pk)}
    if not etapes:
        avant = Passage.objects.de(alors).filter(rang__lt=passage.rang)
        etapes = {p.vers: Etape(etat=p.vers, reelle=p.date_effet) for p in avant}
    etapes.setdefault(passage.vers, Etape(etat=passage.vers)).reelle = passage.date_effet
    absentes = sans_objet(
        est_pilote=alors.est_pilote, chemin_court=alors.chemin_court, franchies=etapes, etat=passage.vers
    )
    rang = [e.value for e in EtatParcours].index(passage.vers) + 1
    return _frise({"frise": noeuds(rang, etapes, absentes), "dates": tableau(etapes, absentes, passage.date_effet)})


def _grille_d_alors(parcours: Parcours, passage: Passage) -> dict[str, Any] | None:
    """Les ouvertures dont le journal parlait déjà ; celles qui n'avaient pas bougé n'y sont pas."""
    lignes = {o.pk: o for o in Ouverture.objects.filter(unite__parcours=parcours).select_related("unite", "module")}
    journal = Passage.objects.de_plusieurs(Ouverture, list(lignes)).filter(enregistre_le__lte=passage.enregistre_le)
    etats = {p.objet_id: p.vers for p in journal}
    return dire_grille([(lignes[cle], etat, None) for cle, etat in etats.items()])
