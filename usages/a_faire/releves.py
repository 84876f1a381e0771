"""Les relevés à l'accueil : à transmettre, précisions à répondre ou à lire ; un silence se rappelle, sans alerte."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate

from programme.a_faire.lecture import REPONDENT, parcours_vus
from programme.enums import Role
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte
from programme.socle.nombres import accorde, liste
from usages.enums import EtatPrecision, EtatReleve
from usages.models import Precision, Releve
from usages.services.releves.reunis import geste_de, reunis


def _siens(demande: Demande) -> list[int]:
    return [vu.parcours.pk for vu in parcours_vus(demande) if vu.roles & REPONDENT]


def _a_transmettre(demande: Demande) -> list[list[Releve]]:
    """Encore en saisie, une page par groupe, du plus attendu au moins attendu. Une requête."""

    def lire() -> list[list[Releve]]:
        siens = _siens(demande)
        if not siens:
            return []
        lus = Releve.objects.filter(parcours__in=siens, etat=EtatReleve.SAISI).pour_lecture().avec_completude()
        groupes = reunis(lus.order_by("echeance", "parcours", "pk"))
        return sorted(groupes, key=lambda groupe: min(r.echeance for r in groupe))

    return demande.une_fois("releves_a_transmettre", lire)


def _en_retard(groupe: list[Releve], demande: Demande) -> bool:
    return any(r.est_en_retard(demande.au) for r in groupe)


def _periodes(groupe: list[Releve], mot: str = "nom") -> str:
    return liste([getattr(r.periode, mot) for r in groupe])


def _ligne(titre: str, groupes: list[list[Releve]], urgence: Urgence, detail: str) -> Ligne:
    pages = [reverse("usages:releve-detail", args=[groupe[0].pk]) for groupe in groupes]
    seul = len(groupes) == 1
    dits = [f"{groupe[0].parcours}, {_periodes(groupe)}" for groupe in groupes]
    return Ligne(
        titre=titre,
        detail=detail,
        url=pages[0],
        urgence=urgence,
        echeance=min(r.echeance for r in groupes[0]),
        gestes=(Bouton(geste_de(groupes[0]), pages[0]),) if seul else (),
        liens=() if seul else tuple(Bouton(dit, page) for dit, page in zip(dits, pages, strict=True)),
        noms=() if seul else tuple(str(groupe[0].parcours) for groupe in groupes),
    )


def _detail(groupe: list[Releve]) -> str:
    reste = sum(r.nb_chiffres - r.nb_repondus for r in groupe)
    dit = f"il reste {accorde(reste, 'chiffre')}" if reste else "tout y est"
    return f"{groupe[0].parcours} : {dit}"


def _combien(groupes: list[list[Releve]]) -> str:
    return accorde(sum(map(len, groupes)), "relevé")


@inscrire("releves_a_transmettre")
def a_transmettre(demande: Demande) -> Iterator[Ligne]:
    """Attendus, l'échéance à venir."""
    venir = [g for g in _a_transmettre(demande) if not _en_retard(g, demande)]
    if len(venir) == 1:
        titre = f"Transmettre vos chiffres {_periodes(venir[0], 'complement')}"
        yield _ligne(titre, venir, Urgence.SUIVRE, _detail(venir[0]))
    elif venir:
        detail = f"{_combien(venir)}, le premier avant le {date_courte(min(r.echeance for r in venir[0]))}"
        yield _ligne("Transmettre vos chiffres", venir, Urgence.SUIVRE, detail)


@inscrire("releves_en_silence")
def en_silence(demande: Demande) -> Iterator[Ligne]:
    """L'échéance passée : un rappel courtois, qui dit que « non mesurable » est une réponse. Jamais une alerte."""
    passes = [g for g in _a_transmettre(demande) if _en_retard(g, demande)]
    if len(passes) == 1:
        tardifs = [r for r in passes[0] if r.est_en_retard(demande.au)]
        titre = f"Vos chiffres {_periodes(tardifs, 'complement')} nous manquent encore"
        yield _ligne(titre, passes, Urgence.REPONDRE, f"{_detail(passes[0])} ; « non mesurable » est une réponse")
    elif passes:
        detail = f"{_combien(passes)} ; « non mesurable » est une réponse"
        yield _ligne("Des chiffres nous manquent encore", passes, Urgence.REPONDRE, detail)


@inscrire("releves_attendus")
def attendus(demande: Demande) -> Iterator[Ligne]:
    """Au chef de projet : qui n'a rien transmis l'échéance passée, pour prendre des nouvelles. Une requête."""
    conduites = demande.utilisateur.perimetre.seul(Role.CHEF_PROJET).grappes
    if not conduites:
        return
    lus = Releve.objects.filter(grappe__in=conduites).en_retard(demande.au).pour_lecture().order_by("echeance", "pk")
    if muets := list(lus):
        esms = list({r.parcours_id: r for r in muets}.values())
        pages = [reverse("usages:parcours-releves", args=[r.parcours_id]) for r in esms]
        yield Ligne(
            titre="Prendre des nouvelles de qui n'a pas transmis",
            detail=f"{accorde(len(esms), 'ESMS,ESMS')}, depuis le {date_courte(muets[0].echeance)}, sans reproche",
            url=pages[0],
            urgence=Urgence.RAPPEL,
            liens=tuple(Bouton(str(r.parcours), page) for r, page in zip(esms, pages, strict=True)),
            noms=tuple(str(r.parcours) for r in esms),
        )


@inscrire("releves_a_valider")
def a_valider(demande: Demande) -> Iterator[Ligne]:
    """Au chef de projet : ce qui est transmis, et dont aucune question ne pend. Une requête."""
    conduites = demande.utilisateur.perimetre.seul(Role.CHEF_PROJET).grappes
    if not conduites:
        return
    pendent = Precision.objects.pendantes().filter(valeur__releve=OuterRef("pk"))
    lus = Releve.objects.filter(~Exists(pendent), grappe__in=conduites, etat=EtatReleve.TRANSMIS).pour_lecture()
    if transmis := list(lus.order_by("transmis_le", "pk")):
        seul = len(transmis) == 1
        premier = transmis[0]
        dit = f"{premier.parcours}, {premier.periode.nom}" if seul else accorde(len(transmis), "relevé")
        page = (
            reverse("usages:releve-detail", args=[premier.pk])
            if seul
            else reverse("usages:releve-liste") + f"?etat={EtatReleve.TRANSMIS}&precisions=non"
        )
        yield Ligne(
            titre="Valider les chiffres transmis",
            detail=f"{dit}, sans question en attente",
            url=page,
            urgence=Urgence.PEUT_ATTENDRE,
            gestes=(Bouton("Lire et valider", page),),
            noms=tuple(dict.fromkeys(str(r.parcours) for r in transmis)),
        )


def _des_precisions(
    titre: str, precisions: list[Precision], urgence: Urgence, geste: str, route: str, depuis: date | None = None
) -> Ligne:
    """`depuis` : le jour de la plus ancienne question, qui la fait passer avant ce qui n'a pas de date."""
    pages = [reverse(f"usages:{route}", args=[p.pk]) for p in precisions]
    dits = [f"{p.valeur.indicateur}, {p.valeur.releve.periode.nom}, {p.valeur.releve.parcours}" for p in precisions]
    seule = len(precisions) == 1
    jour = f" · {'demandée' if seule else 'la plus ancienne'} le {date_courte(depuis)}" if depuis else ""
    return Ligne(
        titre=titre,
        detail=(dits[0] if seule else accorde(len(precisions), "chiffre")) + jour,
        texte=precisions[0].question if seule else "",
        url=pages[0],
        urgence=urgence,
        echeance=depuis,
        gestes=(Bouton(geste, pages[0]),) if seule else (),
        liens=() if seule else tuple(Bouton(dit, page) for dit, page in zip(dits, pages, strict=True)),
    )


@inscrire("precisions_a_repondre")
def a_repondre(demande: Demande) -> Iterator[Ligne]:
    """À l'ESMS : on lui demande une précision sur un chiffre. Une requête."""
    siens = _siens(demande)
    if not siens:
        return
    lues = Precision.objects.filter(valeur__releve__parcours__in=siens).sans_reponse().pour_lecture()
    if attendent := list(lues):
        titre = f"Répondre à {'une demande' if len(attendent) == 1 else 'des demandes'} de précision"
        depuis = localdate(min(p.demandee_le for p in attendent))
        yield _des_precisions(titre, attendent, Urgence.REPONDRE, "Répondre", "precision-repondre", depuis)


@inscrire("precisions_a_lire")
def a_lire(demande: Demande) -> Iterator[Ligne]:
    """À qui a demandé, et au chef de projet : la réponse est là, à clore ou à redemander. Une requête."""
    perimetre = demande.utilisateur.perimetre
    if not {Role.CHEF_PROJET, Role.ARS} & set(perimetre.roles):
        return
    conduites = perimetre.seul(Role.CHEF_PROJET).grappes
    a_lui = Q(demandee_par=demande.utilisateur) | Q(valeur__releve__grappe__in=conduites)
    lues = Precision.objects.visibles_par(demande.utilisateur).filter(a_lui, etat=EtatPrecision.REPONDUE)
    if repondues := list(lues.pour_lecture()):
        yield _des_precisions("Lire la réponse de l'ESMS", repondues, Urgence.SUIVRE, "Lire", "precision-detail")
