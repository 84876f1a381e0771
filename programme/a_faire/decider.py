"""Décider : ce que propose le chef de projet, ce qui est prêt à passer."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from programme.a_faire.lecture import Vu, lieu_de, page_de, parcours_vus, verbe_de
from programme.enums import Role
from programme.models import Parcours, Proposition
from programme.services.parcours import NOMS_DES_PASSAGES
from programme.services.propositions import dates_prevues, sans_direction
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.conditions import Constat
from programme.socle.dates import date_courte
from programme.socle.decomptes import compter
from programme.socle.nombres import accorde, liste
from programme.socle.texte import en_phrase


def propositions_en_attente(demande: Demande) -> dict[int, Proposition]:
    """Propositions en attente des parcours vus, par parcours."""

    def lire() -> dict[int, Proposition]:
        cles = [v.parcours.pk for v in parcours_vus(demande)]
        lignes = Proposition.objects.en_attente().filter(parcours__in=cles).select_related("proposee_par")
        return {p.parcours_id: p for p in lignes}

    return demande.une_fois("propositions", lire)


def _etat_des_conditions(constats: list[Constat]) -> str:
    d = compter(constats)
    if not d.total:
        return "Aucune condition ne s'y oppose."
    if not d.reste:
        return f"Tout est réuni ({accorde(d.total, 'condition')})."
    debut = f"{accorde(d.reuni, 'condition réunie,conditions réunies')} sur {d.total}."
    barrent = [en_phrase(c.condition.libelle) for c in constats if c.barre]
    if barrent:
        return f"{debut} En attente de : {liste(barrent)}."
    avertissent = liste(en_phrase(c.condition.libelle) for c in constats if c.avertit)
    return (
        f"{debut} Avertit encore : {avertissent}. Vous pouvez passer, sous réserve : une ligne de motif, vue au COMOP."
    )


@inscrire("decider")
def decider(demande: Demande) -> Iterator[Ligne]:
    """Propositions du chef de projet, qui attendent le directeur."""
    attente = propositions_en_attente(demande)
    for vu in parcours_vus(demande):
        proposition = attente.get(vu.parcours.pk)
        if proposition is None or Role.DIRECTEUR not in vu.roles:
            continue
        p, transition = vu.parcours, proposition.transition
        constats = vu.constats if transition == p.prochaine else []
        barre = any(c.barre for c in constats)
        reserve = " sous réserve" if not barre and any(c.avertit for c in constats) else ""
        url = reverse("programme:passage", args=["parcours", p.pk, transition])
        passer = Bouton(verbe_de(transition) + reserve, url, bool(reserve))
        lire = Bouton("Voir ce qui reste à réunir" if barre or reserve else "Voir l'ESMS", page_de(p))
        reporter = Bouton("Reporter", reverse("programme:parcours-reporter", args=[p.pk, transition]))
        pour = f" pour le {date_courte(proposition.date_visee)}" if proposition.date_visee else ""
        propose = f"proposé par {proposition.proposee_par}{pour}"
        yield Ligne(
            titre=f"Décider {NOMS_DES_PASSAGES[transition]} : {p.esms.nom}",
            detail=f"{p.esms.ville} · {propose}" if p.esms.ville else propose,
            url=page_de(p),
            urgence=Urgence.DECIDER,
            echeance=proposition.date_visee,
            texte=_etat_des_conditions(constats),
            gestes=(lire, reporter) if barre else (passer, reporter, lire),
        )


def _prets(demande: Demande) -> Iterator[Vu]:
    attente = propositions_en_attente(demande)
    for vu in parcours_vus(demande):
        if vu.constats and not vu.report and vu.parcours.pk not in attente and not any(c.manque for c in vu.constats):
            yield vu


def a_proposer(demande: Demande) -> dict[str, list[Parcours]]:
    """ESMS qui ont tout réuni et que l'on conduit sans les diriger, par passage à proposer."""
    rendu: dict[str, list[Parcours]] = {}
    for vu in _prets(demande):
        if Role.CHEF_PROJET in vu.roles and Role.DIRECTEUR not in vu.roles:
            rendu.setdefault(vu.parcours.prochaine, []).append(vu.parcours)
    return rendu


@inscrire("prets")
def prets(demande: Demande) -> Iterator[Ligne]:
    """Tout est réuni et rien n'est proposé : le directeur peut passer, le chef de projet peut proposer."""
    for vu in _prets(demande):
        p, transition = vu.parcours, vu.parcours.prochaine
        if Role.DIRECTEUR in vu.roles:
            passer = Bouton(verbe_de(transition), reverse("programme:passage", args=["parcours", p.pk, transition]))
            yield Ligne(
                titre=f"{verbe_de(transition)} : tout est réuni",
                detail=lieu_de(p),
                url=page_de(p),
                urgence=Urgence.DECIDER,
                texte="C'est vous qui choisissez le moment.",
                gestes=(passer, Bouton("Voir l'ESMS", page_de(p))),
            )
    for transition, parcours in a_proposer(demande).items():
        envoi = _envoi(transition, parcours)
        seul = reverse("programme:parcours-proposer", args=[parcours[0].pk, transition])
        yield Ligne(
            titre=f"Proposer : {verbe_de(transition).lower()}",
            detail=accorde(len(parcours), "ESMS a tout réuni,ESMS ont tout réuni") + " · le directeur décidera",
            url=seul if len(parcours) == 1 else f"{envoi['url']}?transition={transition}",
            urgence=Urgence.SUIVRE,
            liens=(Bouton(lieu_de(parcours[0]), seul),) if len(parcours) == 1 else (),
            formulaire={"envoi": envoi} if len(parcours) > 1 else None,
            noms=tuple(lieu_de(p) for p in parcours) if len(parcours) > 1 else (),
        )


def _envoi(transition: str, parcours: list[Parcours]) -> dict[str, Any]:
    """De quoi proposer sur place à plusieurs directions : la date que prévoit chacun, et qui n'a pas de direction."""
    dates, vacants = dates_prevues(parcours, transition), sans_direction(parcours)
    return {
        "url": reverse("programme:proposer-en-lot"),
        "transition": transition,
        "lignes": [(p, dates.get(p.pk), p.pk in vacants) for p in parcours],
    }
