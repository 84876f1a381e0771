"""Comment se lit le fichier d'un organisme : relié une fois, tout son siège s'en sert."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.text import slugify

from formation.lignes_rh import Traducteur
from formation.mots_rh import A_MOTS, ESMS, METIER, RYTHME, UNITE, Choix, choix_de_rythme, proposer
from formation.services.import_professionnels.feuille import ENTETES, FEUILLE, RENDUES
from formation.services.import_professionnels.portee import Portee, parcours_de
from programme.models import OrganismeGestionnaire, Utilisateur
from programme.services.controles import valider
from programme.services.reprise.correspondances import RIEN, Reglages
from programme.socle.erreurs import Refus
from programme.socle.grilles import Lecture
from programme.socle.models import Correspondance
from programme.socle.texte import normaliser

GENRE = "professionnels"
CODE_DE_LA_FEUILLE = "feuille-de-treille"
CODE_PRIS = "Votre organisme a déjà une correspondance de ce code : prenez-en un autre, ou modifiez la première."
CODE_INCONNU = "Aucune correspondance « {} »{} : reliez d'abord le fichier depuis la page d'import."
CODE_AMBIGU = "Plusieurs organismes ont une correspondance « {} » : dites lequel avec --og FINESS ({})."
PAS_A_VOUS = "Cette correspondance est celle d'un organisme dont vous ne gérez aucun ESMS."


def de_l_og(og: OrganismeGestionnaire) -> QuerySet[Correspondance]:
    """Celles de l'organisme, brouillons exceptés, la dernière d'abord."""
    siennes = Correspondance.objects.filter(genre=GENRE, og=og).exclude(options__has_key="brouillon")
    return siennes.order_by("-modifiee_le", "-pk")


def lisibles(par: Utilisateur) -> QuerySet[Correspondance]:
    """Toutes, les brouillons d'autrui exceptés ; le droit sur l'organisme se vérifie à part."""
    enregistree_ou_sienne = ~Q(options__has_key="brouillon") | Q(par=par)
    return Correspondance.objects.filter(genre=GENRE, og__isnull=False).filter(enregistree_ou_sienne)


@transaction.atomic
def ouvrir_brouillon(*, og: OrganismeGestionnaire, par: Utilisateur, nom: str, reglages: Reglages) -> Correspondance:
    """Garde ce qui a été deviné d'un fichier, en attendant qu'on le relise ; un brouillon en remplace un."""
    siennes = Correspondance.objects.filter(genre=GENRE, og=og)
    correspondance = siennes.filter(par=par, options__has_key="brouillon").first()
    correspondance = correspondance or Correspondance(genre=GENRE, og=og, par=par)
    pris = set(siennes.exclude(pk=correspondance.pk).values_list("code", flat=True))
    code, rang = slugify(nom)[:50] or "personnel", 1
    while (propose := code if rang == 1 else f"{code}-{rang}") in pris:
        rang += 1
    correspondance.nom, correspondance.code = nom[:120] or "Fichier du personnel", propose
    return _ecrire(correspondance, reglages, brouillon=True)


@transaction.atomic
def de_la_feuille(*, og: OrganismeGestionnaire, par: Utilisateur) -> Correspondance:
    """Celle de la feuille que Treille rend : ses intitulés et ses mots sont les siens, il n'y a rien à relier."""
    colonnes = {normaliser(intitule): code for code, intitule in RENDUES.items()}
    siennes = Correspondance.objects.filter(genre=GENRE, og=og)
    if connue := siennes.filter(code=CODE_DE_LA_FEUILLE, colonnes=colonnes).first():
        return connue
    pris = siennes.filter(code=CODE_DE_LA_FEUILLE).exists()
    neuve = Correspondance(
        genre=GENRE,
        og=og,
        par=par,
        nom="Feuille rendue par Treille",
        code=f"{CODE_DE_LA_FEUILLE}-{par.pk}" if pris else CODE_DE_LA_FEUILLE,
    )
    return _ecrire(neuve, Reglages(Lecture(FEUILLE, 1).en_json(), colonnes, entetes=ENTETES), brouillon=False)


@transaction.atomic
def enregistrer(
    *, correspondance: Correspondance, nom: str, code: str, reglages: Reglages, par: Utilisateur
) -> Correspondance:
    """Retient une correspondance relue. Lève `Refus` : l'organisme n'est pas le sien, le code est pris."""
    if correspondance.og is None or not parcours_de(correspondance.og, par):
        raise Refus("droit", PAS_A_VOUS)
    autres = Correspondance.objects.filter(genre=GENRE, og=correspondance.og, code=code)
    if autres.exclude(pk=correspondance.pk).exists():
        raise Refus("champ", CODE_PRIS, champs={"code": [CODE_PRIS]})
    correspondance.nom, correspondance.code = nom.strip(), code
    return _ecrire(correspondance, reglages, brouillon=False)


def _ecrire(correspondance: Correspondance, reglages: Reglages, *, brouillon: bool) -> Correspondance:
    correspondance.colonnes, correspondance.valeurs = reglages.colonnes, reglages.valeurs
    # D'un brouillon, pas d'intitulés : un fichier sans en-tête y laisserait le nom de quelqu'un.
    correspondance.options = {"lecture": reglages.lecture, "entetes": [] if brouillon else reglages.entetes}
    if brouillon:
        correspondance.options["brouillon"] = True
    valider(correspondance, exclure=["colonnes", "valeurs", "options"])
    correspondance.save()
    return correspondance


def trouver(
    code: str, *, og: OrganismeGestionnaire | None = None, genre: str = GENRE, inconnue: str = CODE_INCONNU
) -> Correspondance:
    """La correspondance de ce code, chez cet organisme ou chez le seul qui l'ait. Lève `Refus` avec une phrase.

    `inconnue` : la phrase quand il n'y en a pas, où se placent le code et l'organisme.
    """
    lignes = Correspondance.objects.filter(genre=genre, code=code, og__isnull=False).exclude(
        options__has_key="brouillon"
    )
    trouvees = list((lignes.filter(og=og) if og else lignes).select_related("par", "og").order_by("og__tri", "pk"))
    if not trouvees:
        raise Refus("champ", inconnue.format(code, f" chez « {og} »" if og else ""))
    if len(trouvees) > 1:
        ogs = ", ".join(f"{c.og.finess or 'sans FINESS'}, {c.og}" for c in trouvees if c.og)
        raise Refus("champ", CODE_AMBIGU.format(code, ogs))
    return trouvees[0]


# --- des mots aux valeurs ------------------------------------------------------------------------------------------


def choix_de(portee: Portee) -> dict[str, list[Choix]]:
    """Colonne à mots → ce que ses mots peuvent vouloir dire ici."""
    parcours = portee.parcours.items()
    noms = {u.nom for unites in portee.unites.values() for u in unites.values()}
    return {
        METIER: [Choix(m.code, m.nom) for m in portee.metiers.values()],
        ESMS: [
            Choix(f, f"{p.esms.nom}, {p.esms.ville}" if p.esms.ville else p.esms.nom, (p.esms.nom, p.esms.nom_long))
            for f, p in parcours
        ],
        UNITE: [Choix(nom, nom) for nom in sorted(noms)],
        RYTHME: choix_de_rythme(),
    }


def traducteur(correspondance: Correspondance, portee: Portee) -> Traducteur:
    """Un mot du fichier → sa valeur : celle qui a été reliée, sinon la seule qu'il puisse dire."""
    choix, vus = choix_de(portee), dict[tuple[str, str], str | None]()
    proposees: dict[str, Callable[[str], Any]] = {c: _proposeur(c, choix[c]) for c in A_MOTS}

    def traduire(code: str, mot: str) -> str | None:
        cle = code, normaliser(mot)
        if cle not in vus:
            reliee = correspondance.valeurs.get(code, {}).get(cle[1])
            vus[cle] = None if reliee == RIEN else reliee or proposees[code](mot)
        return vus[cle]

    return traduire


def _proposeur(code: str, choix: list[Choix]) -> Callable[[str], str | None]:
    return lambda mot: proposer(code, mot, choix)
