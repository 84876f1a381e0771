"""Ce que lit un comité utilisateurs : ce qui revient, ce qui est résolu, ce que doit l'éditeur, ce qu'il faut trancher.

Des résumés, jamais le texte d'une équipe ; et seulement ce qui est reçu avant cette semaine, comme partout ailleurs où
un retour sort de qui le traite. À requêtes constantes.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from gouvernance.enums import TypeInstance
from gouvernance.models import Seance
from gouvernance.models.seances import TENUES
from programme.calculs.delais import jours
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.models import Passage
from usages.calculs.delais_editeurs import Delais, delais_de
from usages.calculs.retours import Charge, attentes
from usages.enums import EtatRetour, VoieRetour
from usages.models import ReglageRetours, Retour, Soutien
from usages.models.retours import semaine_de
from usages.services.retours.dus import Dus, lire_dus
from usages.services.retours.saturation import charge_de_grappe

E = EtatRetour
TROIS_MOIS = timedelta(days=91)
REVIENNENT, RESOLUS, QUESTIONS = 12, 15, 5
QUI_S_EN_OCCUPE = "Qui s'en occupe ?"
QUE_REPONDRE = "Où en est-on, que répond-on ?"
L_ECRIRE_A_L_EDITEUR = "L'écrit-on à l'éditeur, et qui ?"
SATURE = "elle sature, deux semaines de suite"
QUEL_RENFORT = "Qui vient en renfort, ou quoi passe d'abord ?"


@dataclass(frozen=True, slots=True)
class Revient:
    """Un retour qui attend, et combien de voix le portent."""

    retour: Retour
    voix: int


@dataclass(frozen=True, slots=True)
class Question:
    """Ce que le comité peut trancher : de quoi il s'agit, ce qu'on lui demande, pourquoi maintenant."""

    sujet: str
    demande: str
    pourquoi: str


@dataclass(frozen=True)
class Comite:
    """Tout le dossier. `depuis` : le dernier comité tenu, à défaut trois mois ; `entiere` : toute la grappe se lit.

    `raisons` : pourquoi un retour n'est pas retenu, le motif étant la réponse.
    """

    grappe: Grappe
    au: date
    depuis: date
    comite_tenu: bool
    entiere: bool
    recus: int
    repondus: int
    a_lire: int
    reponse: Delais
    reviennent: list[Revient]
    resolus: list[Retour]
    raisons: dict[int, str]
    dus: Dus
    charge: Charge
    questions: list[Question]


def lire_comite(grappe: Grappe, par: Utilisateur, au: date) -> Comite:
    """Ce que le comité de cette grappe a à lire, pour ce que ce lecteur en voit."""
    siens = Parcours.objects.lisibles_par(par).dans_le_projet().filter(grappe=grappe)
    tous = Retour.objects.visibles_par(par).filter(parcours__in=siens.order_by().values("pk"))
    lus: Any = tous.filter(recu_le__lt=semaine_de(au))
    tenu = dernier_comite(grappe)
    depuis = tenu or au - TROIS_MOIS
    nombres = lus.order_by().aggregate(
        recus=Count("pk", filter=Q(recu_le__gte=depuis)),
        repondus=Count("pk", filter=Q(repondu_le__gte=depuis)),
        a_lire=Count("pk", filter=Q(etat=E.NOUVEAU)),
    )
    dus, charge, resolus = lire_dus(lus, par, au), charge_de_grappe(grappe, par, au), _resolus(lus, depuis)
    return Comite(
        grappe=grappe,
        au=au,
        depuis=depuis,
        comite_tenu=tenu is not None,
        entiere=not Parcours.objects.dans_le_projet().filter(grappe=grappe).exclude(pk__in=siens.values("pk")).exists(),
        **nombres,
        reponse=_delais(lus, depuis, au),
        reviennent=_reviennent(lus, au),
        resolus=resolus,
        raisons=raisons_de([r.pk for r in resolus]),
        dus=dus,
        charge=charge,
        questions=_questions(lus, grappe, au, dus, charge),
    )


def dernier_comite(grappe: Grappe) -> date | None:
    """Le jour du dernier comité utilisateurs tenu. Une requête."""
    tenus = Seance.objects.filter(comite__grappe=grappe, comite__type=TypeInstance.UTILISATEURS, etat__in=TENUES)
    debut = tenus.order_by("-debut").values_list("debut", flat=True).first()
    return timezone.localtime(debut).date() if debut else None


def _delais(retours: Any, depuis: date, au: date) -> Delais:
    """De ce qui est reçu depuis. Une requête."""
    recus = retours.filter(recu_le__gte=depuis).avec_ce_que_dit_le_groupe()
    return delais_de(attentes(recus.attentes("reponse_le", au)))


def voix_de(retours: Any, avant: date | None = None) -> Counter[int]:
    """Par retour principal : lui, ceux qu'il porte, et tous les « nous aussi ». Trois requêtes, sans sous-requête.

    Le même compte qu'`avec_voix`, quand il faut trier sur tous plutôt que l'afficher sur quelques-uns. `avant` : sans
    ce qui a été reçu depuis ce jour.
    """
    recus = Q(recu_le__lt=avant) if avant else Q()
    principaux = retours.principaux().order_by()
    cles = principaux.values("pk")
    voix = Counter(principaux.values_list("pk", flat=True))
    portes = Retour.objects.filter(recus, porte_par__in=cles).order_by().values_list("porte_par")
    voix.update(dict(portes.annotate(n=Count("pk"))))
    siens = Soutien.objects.annotate(sous=Coalesce("retour__porte_par", F("retour"))).filter(recus, sous__in=cles)
    voix.update(dict(siens.order_by().values_list("sous").annotate(n=Count("pk"))))
    return voix


def _reviennent(retours: Any, au: date) -> list[Revient]:
    """Ceux qui attendent et qu'on a résumés, la voix la plus partagée d'abord, le plus ancien à égalité."""
    attendent = retours.a_traiter().exclude(titre="")
    voix = voix_de(attendent, avant=semaine_de(au))
    plus = sorted(voix, key=lambda cle: (-voix[cle], cle))[:REVIENNENT]
    lus = attendent.pour_lecture().in_bulk(plus)
    return [Revient(lus[cle], voix[cle]) for cle in plus]


def _resolus(retours: Any, depuis: date) -> list[Retour]:
    """Répondus depuis le dernier comité, et résolus dont la réponse reste à écrire."""
    depuis_lors = Q(etat__in=(E.PUBLIE, E.NON_RETENU), repondu_le__gte=depuis) | Q(etat=E.RESOLU)
    return list(retours.filter(depuis_lors).pour_lecture().order_by("-repondu_le", "pk")[:RESOLUS])


def raisons_de(cles: list[int]) -> dict[int, str]:
    """Par retour non retenu, la dernière raison dite. Une requête."""
    refus = Passage.objects.de_plusieurs(Retour, cles).filter(vers=E.NON_RETENU)
    return dict(refus.values_list("objet_id", "motif"))


def _questions(retours: Any, grappe: Grappe, au: date, dus: Dus, charge: Charge) -> list[Question]:
    """Ce qui passe le délai de la grappe, ce que l'éditeur n'a pas reçu, l'aide qui sature. Trois requêtes."""
    reglage = ReglageRetours.objects.filter(grappe=grappe).first() or ReglageRetours()
    delai = reglage.jours_repondre
    vieux = retours.filter(recu_le__lt=au - timedelta(days=delai)).order_by("recu_le", "pk")
    passe = f"reçu il y a {{}} jours ; la grappe se donne {delai} jours pour répondre"
    rendu = [Question("La charge de l'aide", QUEL_RENFORT, SATURE)] if charge.sature else []
    for demande, lus in (
        (QUI_S_EN_OCCUPE, vieux.filter(etat=E.QUALIFIE)),
        (QUE_REPONDRE, vieux.filter(etat=E.EN_COURS, voie=VoieRetour.INTERNE)),
    ):
        rendu += [Question(r.titre, demande, passe.format(jours(r.recu_le, au))) for r in lus[:QUESTIONS]]
    muets = [d for d in dus.retours if not d.est_ecrite][:QUESTIONS]
    sans = "reçu il y a {} jours, sans demande écrite"
    rendu += [Question(d.retour.titre, L_ECRIRE_A_L_EDITEUR, sans.format(d.jours)) for d in muets]
    return rendu
