"""La preuve d'usage d'un jalon : la préparer, la lire aux chiffres du jour, la figer à la signature."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet

from programme.models import Jalon, Parcours, Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.empreintes import empreinte_de
from programme.socle.erreurs import Refus
from programme.socle.models import Piece
from programme.socle.nombres import finess
from programme.socle.pieces import deposer, pieces_de
from programme.socle.pieces import retirer as retirer_du_depot
from usages.calculs.preuve import RECUL_MOIS, Ligne, Total, totaliser, verdict
from usages.enums import Absence, EtatPreuve, EtatReleve
from usages.models import Indicateur, PreuveUsage, Valeur
from usages.models.preuves import preuve_signee
from usages.permissions import peut_tenir_la_preuve
from usages.services.indicateurs.suivis import cibles

DEJA_SIGNEE = "Cette preuve est signée : ses chiffres sont figés. Annulez-la pour en préparer une autre."
CHANGEE = (
    "Ce que vous alliez signer a changé depuis que cette page est ouverte (un chiffre, une pièce, la date d'arrêt) : "
    "rien n'est signé. Relisez la preuve, puis signez."
)
SANS_INDICATEUR = "Choisissez au moins un indicateur : c'est lui qui prouve l'usage."


@dataclass(frozen=True, slots=True)
class PreuveLue:
    """Un indicateur face à sa cible : ses lignes, son total, ce qu'on en dit. `cible` : 0..1 pour un rapport."""

    code: str
    libelle: str
    forme: str
    unite: str
    definition: str
    population: str
    cible: Decimal | None
    lignes: list[Ligne]
    total: Total
    verdict: str

    @property
    def nb_non_valides(self) -> int:
        """Les chiffres transmis que le chef de projet n'a pas encore validés."""
        return sum(ligne.numerateur is not None and not ligne.est_valide for ligne in self.lignes)


# --- lire ----------------------------------------------------------------------------------------------------------


def _derniers(preuve: PreuveUsage, indicateurs: Collection[Indicateur]) -> dict[tuple[int, int], Valeur]:
    """Par (ESMS, indicateur), le dernier chiffre transmis dont la période est finie à la date d'arrêt. Une requête."""
    au = preuve.arretee_au
    depuis = date(au.year - RECUL_MOIS // 12, au.month, 1)
    lus = (
        Valeur.objects.totaux()
        .filter(
            releve__grappe=preuve.rattache_a.pk,
            releve__debut__range=(depuis, au),
            releve__etat__in=(EtatReleve.TRANSMIS, EtatReleve.VALIDE, EtatReleve.VERROUILLE),
            indicateur__in=[i.pk for i in indicateurs],
        )
        .select_related("releve")
        .order_by("releve__debut")
    )
    return {(v.releve.parcours_id, v.indicateur_id): v for v in lus if v.releve.periode.fin <= au}


def _ligne(parcours: Parcours, valeur: Valeur | None) -> Ligne:
    if valeur is None:
        return Ligne(parcours.esms.nom, parcours.esms.finess)
    return Ligne(
        parcours.esms.nom,
        parcours.esms.finess,
        valeur.releve.periode.code,
        valeur.numerateur,
        valeur.denominateur,
        valeur.motif,
        valeur.releve.etat in (EtatReleve.VALIDE, EtatReleve.VERROUILLE),
    )


def du_jour(preuve: PreuveUsage) -> list[PreuveLue]:
    """La preuve aux chiffres d'aujourd'hui, indicateur par indicateur. Six requêtes, quel que soit le nombre d'ESMS."""
    indicateurs = list(preuve.indicateurs.order_by("famille", "rang", "pk"))
    derniers, visees = _derniers(preuve, indicateurs), cibles(preuve.rattache_a, preuve.arretee_au)
    siens = Parcours.objects.dans_le_projet().filter(grappe=preuve.rattache_a.pk).select_related("esms")
    parcours = list(siens.order_by("esms__tri", "pk"))
    rendu = []
    for i in indicateurs:
        lignes = [_ligne(p, derniers.get((p.pk, i.pk))) for p in parcours]
        total, cible = totaliser(lignes), visees.get(i.pk)
        valeur = cible.valeur if cible else None
        dit = verdict(i.forme, i.sens, total, valeur)
        population = str(i.get_population_display()) if i.denominateur else ""
        rendu.append(
            PreuveLue(i.code, i.libelle, i.forme, i.unite, i.definition, population, valeur, lignes, total, dit)
        )
    return rendu


def lire(preuve: PreuveUsage) -> list[PreuveLue]:
    """Ce qui est figé si elle est signée ; sinon, les chiffres du jour."""
    return [_depuis_json(d) for d in preuve.contenu] if preuve.contenu is not None else du_jour(preuve)


def _en_json(lue: PreuveLue) -> dict[str, Any]:
    def texte(valeur: Decimal | None) -> str | None:
        return None if valeur is None else format(valeur.normalize(), "f")

    return {
        "code": lue.code,
        "libelle": lue.libelle,
        "forme": lue.forme,
        "unite": lue.unite,
        "definition": lue.definition,
        "population": lue.population,
        "cible": texte(lue.cible),
        "verdict": lue.verdict,
        "lignes": [
            {
                "esms": ligne.esms,
                "finess": ligne.finess,
                "periode": ligne.periode,
                "numerateur": texte(ligne.numerateur),
                "denominateur": texte(ligne.denominateur),
                "motif": ligne.motif,
                "est_valide": ligne.est_valide,
            }
            for ligne in lue.lignes
        ],
    }


def _depuis_json(dit: dict[str, Any]) -> PreuveLue:
    def nombre(texte: str | None) -> Decimal | None:
        return None if texte is None else Decimal(texte)

    lignes = [
        Ligne(
            esms=ligne["esms"],
            finess=ligne["finess"],
            periode=ligne["periode"],
            numerateur=nombre(ligne["numerateur"]),
            denominateur=nombre(ligne["denominateur"]),
            motif=ligne["motif"],
            est_valide=ligne["est_valide"],
        )
        for ligne in dit["lignes"]
    ]
    mots = {nom: dit[nom] for nom in ("code", "libelle", "forme", "unite", "definition", "population", "verdict")}
    return PreuveLue(**mots, cible=nombre(dit["cible"]), lignes=lignes, total=totaliser(lignes))


def en_lignes(lues: list[PreuveLue]) -> list[list[str]]:
    """Le fichier à emporter : une ligne par indicateur et par ESMS."""
    rendu = [
        ["indicateur", "code", "FINESS", "ESMS", "période", "numérateur", "dénominateur", "sans chiffre", "validé"]
    ]
    for lue in lues:
        for x in lue.lignes:
            motif = str(Absence(x.motif).label) if x.motif else "" if x.periode else "rien de transmis dans l'année"
            chiffres = [
                "" if n is None else format(n.normalize(), "f").replace(".", ",")
                for n in (x.numerateur, x.denominateur)
            ]
            etat = "" if x.numerateur is None else "oui" if x.est_valide else "non"
            rendu.append([lue.libelle, lue.code, finess(x.finess), x.esms, x.periode, *chiffres, motif, etat])
    return rendu


# --- écrire --------------------------------------------------------------------------------------------------------


@transaction.atomic
def preparer(
    *, jalon: Jalon, arretee_au: date, indicateurs: Collection[Indicateur], note: str, par: Utilisateur
) -> PreuveUsage:
    """Prépare une preuve pour ce jalon. Lève `Refus` (droit, champ)."""
    preuve = PreuveUsage(jalon=jalon, preparee_par=par)
    exiger(peut_tenir_la_preuve(par, preuve))
    return _ecrire(preuve, arretee_au, indicateurs, note)


@transaction.atomic
def corriger(
    *, preuve: PreuveUsage, arretee_au: date, indicateurs: Collection[Indicateur], note: str, par: Utilisateur
) -> PreuveUsage:
    """Change sa date d'arrêt, ce qu'elle met en face des cibles, son mot. Lève `Refus` (droit, etat, champ)."""
    exiger(peut_tenir_la_preuve(par, preuve))
    return _ecrire(_a_changer(preuve), arretee_au, indicateurs, note)


def _a_changer(preuve: PreuveUsage) -> PreuveUsage:
    """La preuve, sous verrou : une signature ne passe pas pendant qu'on la change. Lève `Refus` si elle est signée."""
    relue = PreuveUsage.objects.select_for_update(of=("self",)).get(pk=preuve.pk)
    if relue.etat != EtatPreuve.PREPAREE:
        raise Refus("etat", DEJA_SIGNEE)
    return relue


def _ecrire(preuve: PreuveUsage, arretee_au: date, indicateurs: Collection[Indicateur], note: str) -> PreuveUsage:
    if not indicateurs:
        raise Refus("champ", SANS_INDICATEUR, champs={"indicateurs": [SANS_INDICATEUR]})
    preuve.arretee_au, preuve.note = arretee_au, note
    valider(preuve)
    preuve.save()
    preuve.indicateurs.set(indicateurs)
    return preuve


@transaction.atomic
def joindre(*, preuve: PreuveUsage, fichier: File, par: Utilisateur) -> Piece:
    """Joint une pièce tant que rien n'est signé. Lève `Refus` (droit, etat, champ)."""
    exiger(peut_tenir_la_preuve(par, preuve))
    return deposer(_a_changer(preuve), fichier, par=par)


@transaction.atomic
def retirer_piece(*, preuve: PreuveUsage, piece: Piece, par: Utilisateur) -> None:
    """Retire une pièce tant que rien n'est signé. Lève `Refus` (droit, etat)."""
    exiger(peut_tenir_la_preuve(par, preuve))
    _a_changer(preuve)
    retirer_du_depot(piece)


def sceau(preuve: PreuveUsage) -> str:
    """L'empreinte de tout ce qu'une signature engage aujourd'hui : chiffres, date d'arrêt, mot, pièces."""
    return _sceller(preuve, [_en_json(lue) for lue in du_jour(preuve)])


def _sceller(preuve: PreuveUsage, contenu: list[dict[str, Any]]) -> str:
    pieces = sorted(pieces_de(preuve).values_list("empreinte", flat=True))
    return empreinte_de([contenu, preuve.arretee_au.isoformat(), preuve.note, pieces])


def figer(preuve: PreuveUsage, **_: Any) -> None:
    """À la signature, dans sa transaction : les chiffres du jour et leur empreinte.

    Lève `Refus` (concurrence) si ce n'est plus ce qu'avait sous les yeux qui signe.
    """
    contenu = [_en_json(lue) for lue in du_jour(preuve)]
    if preuve.vue_pour_signer and preuve.vue_pour_signer != _sceller(preuve, contenu):
        raise Refus("concurrence", CHANGEE)
    # Par update() : la signature est au journal, ceci en est la trace figée.
    PreuveUsage.objects.filter(pk=preuve.pk).update(contenu=contenu, empreinte=empreinte_de(contenu))


def brancher() -> None:
    """Écoute la signature."""
    preuve_signee.connect(figer, dispatch_uid="usages.preuve_signee")


def indicateurs_a_prouver(jalon: Jalon) -> QuerySet[Indicateur]:
    """Ceux que suit la grappe et que lit le financeur : eux seuls peuvent prouver."""
    grappe = jalon.convention.grappe_id
    return Indicateur.objects.filter(suivis__grappe=grappe, transmis_au_financeur=True).distinct()
