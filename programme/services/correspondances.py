"""Les correspondances : comment se lit le fichier d'un organisme, d'une grappe ou d'un compte, relié une fois."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.text import slugify

from programme.models import Grappe, OrganismeGestionnaire, Parcours, Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from programme.socle.imports_relies import import_relie
from programme.socle.liaisons import Choix, Reglages
from programme.socle.models import Correspondance

CODE_PRIS = "Ce code sert déjà à une autre correspondance : prenez-en un autre, ou modifiez la première."
CODE_INCONNU = "Aucune correspondance « {} »{} : reliez d'abord le fichier depuis sa page d'import."
CODE_AMBIGU = "Plusieurs {} ont une correspondance « {} » : dites lequel avec {} ({})."
_RELUS = ("lecture", "entetes", "mots", "brouillon")
"""Ce que chaque enregistrement refait ; le reste des options demeure."""


@dataclass(frozen=True)
class Chez:
    """À qui sont les correspondances d'un genre : un organisme, une grappe ou, sans eux, un compte."""

    genre: str
    og: OrganismeGestionnaire | None = None
    grappe: Grappe | None = None
    compte: Utilisateur | None = None

    def __str__(self) -> str:
        if self.compte and not (self.og or self.grappe):
            return f"pour « {self.compte.identifiant} »"
        return f"chez « {self.og or self.grappe} »"

    @property
    def celle(self) -> str:
        """« Avec celle de… »."""
        return "de l’organisme" if self.og else "de la grappe" if self.grappe else "de vos correspondances"

    @property
    def ailleurs(self) -> str:
        """« Cette correspondance n’est pas… »."""
        return "celle de votre organisme" if self.og else "celle de cette grappe" if self.grappe else "à vous"

    @property
    def pour_qui(self) -> str:
        """« C’est retenu pour… »."""
        return "tout l’organisme" if self.og else "toute la grappe" if self.grappe else "la prochaine fois"

    def toutes(self) -> QuerySet[Correspondance]:
        """Les siennes, brouillons compris."""
        memes = Correspondance.objects.filter(genre=self.genre)
        if self.og:
            return memes.filter(og=self.og)
        if self.grappe:
            return memes.filter(options__grappe=self.grappe.pk)
        return memes.filter(og=None, par=self.compte).exclude(code="")

    def enregistrees(self) -> QuerySet[Correspondance]:
        """Brouillons exceptés, la dernière d'abord."""
        return self.toutes().exclude(options__has_key="brouillon").order_by("-modifiee_le", "-pk")

    def lisibles(self, par: Utilisateur) -> QuerySet[Correspondance]:
        """Les brouillons d'autrui exceptés."""
        return _sans_brouillon_d_autrui(self.toutes(), par)

    def neuve(self, par: Utilisateur, **champs: Any) -> Correspondance:
        """Une correspondance à lui, pas encore enregistrée."""
        options = {"grappe": self.grappe.pk} if self.grappe else {}
        return Correspondance(genre=self.genre, og=self.og, par=par, options=options, **champs)


def lisibles_d_un_og(genre: str, par: Utilisateur) -> QuerySet[Correspondance]:
    """Celles de tous les organismes, les brouillons d'autrui exceptés ; le droit sur l'organisme se vérifie à part."""
    lignes = Correspondance.objects.filter(genre=genre, og__isnull=False).select_related("og")
    return _sans_brouillon_d_autrui(lignes, par)


def _sans_brouillon_d_autrui(lignes: QuerySet[Correspondance], par: Utilisateur) -> QuerySet[Correspondance]:
    return lignes.filter(~Q(options__has_key="brouillon") | Q(par=par))


@transaction.atomic
def ouvrir_brouillon(
    *, chez: Chez, par: Utilisateur, nom: str, reglages: Reglages, options: Mapping[str, Any] | None = None
) -> Correspondance:
    """Garde ce qui a été deviné d'un fichier, en attendant qu'on le relise ; un brouillon en remplace un."""
    brouillon = chez.toutes().filter(par=par, options__has_key="brouillon").first() or chez.neuve(par)
    brouillon.nom, code, rang = nom[:120] or import_relie(chez.genre).libelle, slugify(nom)[:50] or chez.genre, 1
    pris = set(_voisines(brouillon).values_list("code", flat=True))
    while (propose := code if rang == 1 else f"{code}-{rang}") in pris:
        rang += 1
    brouillon.code = propose
    brouillon.options |= options or {}
    return _ecrire(brouillon, reglages, brouillon=True)


@transaction.atomic
def enregistrer(
    *, correspondance: Correspondance, nom: str, code: str, reglages: Reglages, par: Utilisateur
) -> Correspondance:
    """Retient une correspondance relue. Lève `Refus` : elle n'est pas à lui, son code est pris."""
    exiger(import_relie(correspondance.genre).peut_relier(par, correspondance))
    if _voisines(correspondance).filter(code=code).exists():
        raise Refus("champ", CODE_PRIS, champs={"code": [CODE_PRIS]})
    correspondance.nom, correspondance.code = nom.strip(), code
    return _ecrire(correspondance, reglages, brouillon=False)


def _voisines(correspondance: Correspondance) -> QuerySet[Correspondance]:
    """Celles dont le code ne peut pas resservir ; d'une grappe, aussi celles du compte (l'unicité en base)."""
    autres = Correspondance.objects.filter(genre=correspondance.genre).exclude(pk=correspondance.pk)
    if correspondance.og_id:
        return autres.filter(og=correspondance.og_id)
    grappe = correspondance.options.get("grappe")
    return autres.filter(Q(par=correspondance.par_id) | (Q(options__grappe=grappe) if grappe else Q()), og=None)


def _ecrire(correspondance: Correspondance, reglages: Reglages, *, brouillon: bool) -> Correspondance:
    retenus = import_relie(correspondance.genre).epurer(reglages)
    correspondance.colonnes, correspondance.valeurs = retenus.colonnes, retenus.valeurs
    gardees = {cle: valeur for cle, valeur in correspondance.options.items() if cle not in _RELUS}
    # D'un brouillon, pas d'intitulés : un fichier sans en-tête y laisserait le nom de quelqu'un.
    entetes = [] if brouillon else retenus.entetes
    relues = {"lecture": retenus.lecture, "entetes": entetes, "mots": retenus.mots, "brouillon": brouillon}
    correspondance.options = gardees | {c: v for c, v in relues.items() if v or c in ("lecture", "entetes")}
    valider(correspondance, exclure=["colonnes", "valeurs", "options"])
    correspondance.save()
    return correspondance


def trouver(code: str, *, genre: str, chez: Chez | None = None) -> Correspondance:
    """La correspondance de ce code, chez qui l'on dit ou chez le seul qui l'ait. Lève `Refus` avec une phrase."""
    lignes = chez.enregistrees() if chez else Correspondance.objects.exclude(options__has_key="brouillon")
    lignes = lignes.filter(genre=genre, code=code).exclude(code="")
    trouvees = list(lignes.select_related("par", "og").order_by("og__tri", "pk"))
    if not trouvees:
        raise Refus("champ", CODE_INCONNU.format(code, f" {chez}" if chez else ""))
    if len(trouvees) > 1:
        if any(c.og for c in trouvees):
            ogs = ", ".join(f"{c.og.finess or 'sans FINESS'}, {c.og}" for c in trouvees if c.og)
            raise Refus("champ", CODE_AMBIGU.format("organismes", code, "--og FINESS", ogs))
        comptes = ", ".join(c.par.identifiant for c in trouvees)
        raise Refus("champ", CODE_AMBIGU.format("comptes", code, "--par IDENTIFIANT", comptes))
    return trouvees[0]


def choix_d_esms(parcours: Mapping[str, Parcours]) -> list[Choix]:
    """FINESS → parcours, tels qu'une colonne d'ESMS peut les désigner."""
    return [
        Choix(f, f"{p.esms.nom}, {p.esms.ville}" if p.esms.ville else p.esms.nom, (p.esms.nom, p.esms.nom_long))
        for f, p in parcours.items()
    ]
