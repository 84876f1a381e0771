"""Comment se lit l'export de tickets d'une grappe : relié une fois, toute son équipe s'en sert."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.text import slugify

from programme.models import Grappe, Utilisateur
from programme.services.controles import exiger, valider
from programme.services.reprise.correspondances import Reglages
from programme.socle.erreurs import Refus
from programme.socle.models import Correspondance
from programme.socle.texte import normaliser
from usages.lignes_tickets import Traducteur
from usages.mots_tickets import (
    AILLEURS,
    BLOQUANT,
    CONTOURNEMENT,
    ESMS,
    GRAVITES,
    MODULE,
    OUI_NON,
    RIEN,
    Choix,
    finess_de,
    proposer,
)
from usages.permissions import peut_suivre_les_editeurs
from usages.services.import_tickets import Portee

GENRE = "tickets"
CODE_PRIS = "Ce code sert déjà à une autre correspondance : prenez-en un autre, ou modifiez la première."


def de_la_grappe(grappe: Grappe) -> QuerySet[Correspondance]:
    """Celles de la grappe, brouillons exceptés, la dernière d'abord."""
    siennes = Correspondance.objects.filter(genre=GENRE, options__grappe=grappe.pk)
    return siennes.exclude(options__has_key="brouillon").order_by("-modifiee_le", "-pk")


def lisibles(grappe: Grappe, par: Utilisateur) -> QuerySet[Correspondance]:
    """Celles de la grappe, les brouillons d'autrui exceptés."""
    enregistree_ou_sienne = ~Q(options__has_key="brouillon") | Q(par=par)
    return Correspondance.objects.filter(genre=GENRE, options__grappe=grappe.pk).filter(enregistree_ou_sienne)


def _prises(grappe: Grappe, par: Utilisateur) -> QuerySet[Correspondance]:
    """Celles dont le code ne peut pas resservir : de la grappe, ou de ce compte (l'unicité en base est par compte)."""
    return Correspondance.objects.filter(genre=GENRE).filter(Q(options__grappe=grappe.pk) | Q(par=par))


@transaction.atomic
def ouvrir_brouillon(*, grappe: Grappe, par: Utilisateur, nom: str, reglages: Reglages) -> Correspondance:
    """Garde ce qui a été deviné d'un fichier, en attendant qu'on le relise ; un brouillon en remplace un."""
    siens = Correspondance.objects.filter(genre=GENRE, par=par, options__has_key="brouillon")
    correspondance = siens.filter(options__grappe=grappe.pk).first() or Correspondance(genre=GENRE, par=par)
    pris = set(_prises(grappe, par).exclude(pk=correspondance.pk).values_list("code", flat=True))
    code, rang = slugify(nom)[:50] or "tickets", 1
    while (propose := code if rang == 1 else f"{code}-{rang}") in pris:
        rang += 1
    correspondance.nom, correspondance.code = nom[:120] or "Export de tickets", propose
    return _ecrire(correspondance, grappe, reglages, brouillon=True)


@transaction.atomic
def enregistrer(
    *, correspondance: Correspondance, grappe: Grappe, nom: str, code: str, reglages: Reglages, par: Utilisateur
) -> Correspondance:
    """Retient une correspondance relue. Lève `Refus` : la grappe n'est pas la sienne, le code est pris."""
    exiger(peut_suivre_les_editeurs(par, grappe))
    if _prises(grappe, correspondance.par).filter(code=code).exclude(pk=correspondance.pk).exists():
        raise Refus("champ", CODE_PRIS, champs={"code": [CODE_PRIS]})
    correspondance.nom, correspondance.code = nom.strip(), code
    return _ecrire(correspondance, grappe, reglages, brouillon=False)


def _ecrire(correspondance: Correspondance, grappe: Grappe, reglages: Reglages, *, brouillon: bool) -> Correspondance:
    # Sans les mots tels qu'écrits : leur forme normalisée suffit à les reconnaître. Ni ceux qui ne sont reliés à rien,
    # ni les intitulés d'un brouillon : une colonne de demandeurs, un fichier sans en-tête y laisseraient des noms.
    correspondance.colonnes = reglages.colonnes
    correspondance.valeurs = {
        code: {mot: valeur for mot, valeur in mots.items() if valeur is not None and "@" not in mot}
        for code, mots in reglages.valeurs.items()
    }
    entetes = [] if brouillon else reglages.entetes
    correspondance.options = {"lecture": reglages.lecture, "entetes": entetes, "grappe": grappe.pk}
    if brouillon:
        correspondance.options["brouillon"] = True
    valider(correspondance, exclure=["colonnes", "valeurs", "options"])
    correspondance.save()
    return correspondance


# --- des mots aux valeurs ------------------------------------------------------------------------------------------


def choix_de(portee: Portee) -> dict[str, list[Choix]]:
    """Colonne à mots → ce que ses mots peuvent vouloir dire dans cette grappe."""
    return {
        ESMS: [
            Choix(f, f"{p.esms.nom}, {p.esms.ville}" if p.esms.ville else p.esms.nom, (p.esms.nom, p.esms.nom_long))
            for f, p in portee.parcours.items()
        ],
        MODULE: [Choix(m.code, m.nom) for m in portee.modules.values()],
        BLOQUANT: list(GRAVITES),
        CONTOURNEMENT: list(OUI_NON),
    }


def traducteur(correspondance: Correspondance, portee: Portee) -> Traducteur:
    """Un mot du fichier → sa valeur : celle qui a été reliée, sinon la seule qu'il puisse dire."""
    choix, vus = choix_de(portee), dict[tuple[str, str], str | None]()
    connus = {ESMS: portee.parcours.keys(), MODULE: portee.modules.keys()}

    def traduire(code: str, mot: str) -> str | None:
        cle = code, mot
        if cle not in vus:
            vus[cle] = _traduire(code, mot)
        return vus[cle]

    def _traduire(code: str, mot: str) -> str | None:
        reliee: Any = correspondance.valeurs.get(code, {}).get(normaliser(mot))
        if reliee is None and code == ESMS and (numero := finess_de(mot)):
            return numero if numero in portee.parcours else None
        trouvee = reliee if reliee is not None else proposer(code, mot, choix[code])
        # Reliée à un ESMS sorti de la grappe, à un module retiré : la ligne redevient une faute, à relire.
        return trouvee if trouvee in (RIEN, AILLEURS) or trouvee in connus.get(code, (trouvee,)) else None

    return traduire
