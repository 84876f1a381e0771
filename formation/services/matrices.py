"""Les matrices des droits d'accès : les ouvrir, y écrire d'un bloc, suivre le modèle, les revoir."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from formation.calculs.matrice import Case, Cases, Cle, Ecart, appliquer, comparer
from formation.enums import DroitAcces, EtatMatrice, PorteeAcces
from formation.models import Habilitation, Matrice, RaisonHabilitation
from formation.permissions import peut_preparer_matrice, peut_valider_matrice
from programme.models import Grappe, Parcours, Utilisateur
from programme.services.controles import exiger, signer
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus

NE_S_ECRIT_PLUS = "Ces droits d'accès sont à l'état « {} » : la grille ne s'écrit plus. {}"
SUITES = {
    EtatMatrice.SOUMISE: "Reprenez d'abord la saisie.",
    EtatMatrice.VALIDEE: "Ouvrez une nouvelle version.",
    EtatMatrice.REMPLACEE: "Ouvrez celle qui fait foi.",
}
DEJA_EN_TRAVAIL = "Une version est déjà en travail (n° {}) : terminez-la d'abord."
MODELE_ABSENT = "La grappe n'a pas de modèle validé : partez d'une grille vide, ou attendez celui du chef de projet."


def cases(matrice: Matrice) -> dict[Cle, Case]:
    """(profil, module) → (droit, portée), pour les cases qui donnent un droit. Une requête."""
    return matrice.cases()


def en_vigueur(parcours: Parcours) -> Matrice | None:
    """La variante de cet ESMS qui fait foi. Une requête."""
    return _derniere(Matrice.objects.en_vigueur().filter(parcours=parcours))


def en_travail(parcours: Parcours) -> Matrice | None:
    """Celle que l'ESMS prépare. Une requête."""
    return _derniere(Matrice.objects.en_travail().filter(parcours=parcours))


def modele_en_vigueur(grappe: Grappe) -> Matrice | None:
    """Le modèle de la grappe qui fait foi. Une requête."""
    return _derniere(Matrice.objects.modeles().en_vigueur().filter(grappe=grappe))


def modele_en_travail(grappe: Grappe) -> Matrice | None:
    """Le modèle que prépare la grappe. Une requête."""
    return _derniere(Matrice.objects.modeles().en_travail().filter(grappe=grappe))


def _derniere(lues: Any) -> Matrice | None:
    return lues.pour_lecture().order_by("-numero").first()


# --- Écrire les cases ---


def _relire(matrice: Matrice) -> Matrice:
    return Matrice.objects.select_for_update(of=("self",)).pour_lecture().get(pk=matrice.pk)


def exiger_modifiable(matrice: Matrice) -> None:
    """Lève `Refus("etat")` si la grille ne s'écrit plus."""
    if not matrice.se_modifie:
        suite = SUITES[EtatMatrice(matrice.etat)]
        raise Refus("etat", NE_S_ECRIT_PLUS.format(matrice.get_etat_display(), suite))


def _exiger_saisie(matrice: Matrice, saisie: int | None) -> None:
    if saisie is None or saisie == matrice.saisie:
        return
    derniere = Matrice.history.filter(id=matrice.pk).select_related("history_user").first()
    qui = str(derniere.history_user) if derniere and derniere.history_user else "une autre personne"
    raise Refus(
        "concurrence",
        f"Entre-temps, {qui} a enregistré cette grille. Votre saisie est gardée : relisez, puis enregistrez à nouveau.",
    )


def trier(matrice: Matrice, voulues: Mapping[Cle, Case]) -> tuple[dict[Cle, Case], list[str]]:
    """Les cases qui s'écrivent, et une phrase par autre : profil ou module inconnu ici, droit ou portée inconnus."""
    profils = {p.pk: p.nom for p in matrice.profils_montres()}
    modules = {m.pk: m.nom for m in matrice.modules_montres()}
    bonnes: dict[Cle, Case] = {}
    fautes = []
    for (profil, module), (droit, portee) in voulues.items():
        ou = f"« {profils.get(profil, profil)} », « {modules.get(module, module)} »"
        if profil not in profils:
            fautes.append(f"{ou} : ce profil n'est pas de la grappe, ou il est retiré.")
        elif module not in modules:
            fautes.append(f"{ou} : ce module n'est pas au périmètre de la grappe.")
        elif droit not in DroitAcces.values:
            fautes.append(f"{ou} : « {droit} » n'est pas un droit. Attendu : {', '.join(DroitAcces.labels)}.")
        elif portee not in PorteeAcces.values:
            fautes.append(f"{ou} : « {portee} » n'est pas une portée. Attendu : {', '.join(PorteeAcces.labels)}.")
        else:
            bonnes[profil, module] = (droit, portee)
    return bonnes, fautes


@transaction.atomic
def ecrire_cases(matrice: Matrice, cases: Cases, *, par: Utilisateur, saisie: int | None = None) -> list[Ecart]:
    """Écrit ces cases d'un bloc (les autres restent ; « aucun » retire) et rend ce qui a changé.

    `saisie` : la version qu'on avait sous les yeux ; None : rien à vérifier. Tout se vérifie avant d'écrire. Lève
    `Refus` (droit, etat, concurrence, champ : une phrase par case fautive).
    """
    exiger(peut_preparer_matrice(par, matrice))
    relue = _relire(matrice)
    exiger_modifiable(relue)
    _exiger_saisie(relue, saisie)
    if fautes := trier(relue, cases)[1]:
        raise Refus("champ", " ".join(fautes), champs={"cases": fautes})
    avant = relue.cases()
    ecarts = comparer(avant, {**avant, **cases})
    if ecarts:
        _ecrire(relue, ecarts)
        _signer_saisie(relue, par)
    matrice.saisie = relue.saisie
    return ecarts


def _ecrire(matrice: Matrice, ecarts: Iterable[Ecart]) -> None:
    touchees = {e.cle: e.apres for e in ecarts}
    lues = matrice.habilitations.filter(profil__in={p for p, _ in touchees})
    matrice.habilitations.filter(pk__in=[h.pk for h in lues if (h.profil_id, h.module_id) in touchees]).delete()
    Habilitation.objects.bulk_create(
        Habilitation(matrice=matrice, profil_id=p, module_id=m, droit=case[0], portee=case[1])
        for (p, m), case in touchees.items()
        if case is not None
    )


def _signer_saisie(matrice: Matrice, par: Utilisateur) -> None:
    """Une version de saisie de plus ; l'historique garde qui."""
    matrice.saisie += 1
    signer(matrice, par)
    matrice.save(update_fields=["saisie"])


# --- Ouvrir une version ---


def _prochain_numero(existantes: Any) -> int:
    return (existantes.aggregate(dernier=Max("numero"))["dernier"] or 0) + 1


def _exiger_aucune_en_travail(existantes: Any) -> None:
    if deja := existantes.en_travail().first():
        raise Refus("etat", DEJA_EN_TRAVAIL.format(deja.numero))


def _copier(source: Matrice, vers: Matrice) -> None:
    """Les cases de la source, sans les profils retirés depuis."""
    lues = source.habilitations.filter(profil__retire_le__isnull=True, profil__grappe=vers.grappe_id).order_by()
    Habilitation.objects.bulk_create(
        Habilitation(matrice=vers, profil_id=h.profil_id, module_id=h.module_id, droit=h.droit, portee=h.portee)
        for h in lues
    )


def _copier_raisons(source: Matrice, vers: Matrice, *, sauf_portees: bool) -> None:
    """Une raison donnée reste donnée, à sa date ; celle d'une portée du modèle n'a pas à l'être chez l'ESMS."""
    lues = source.raisons.exclude(regle="portee") if sauf_portees else source.raisons.all()
    RaisonHabilitation.objects.bulk_create(
        RaisonHabilitation(
            matrice=vers,
            regle=r.regle,
            cle=r.cle,
            motif_type=r.motif_type,
            motif=r.motif,
            decidee_le=r.decidee_le,
            donnee_par_id=r.donnee_par_id,
        )
        for r in lues
    )


@transaction.atomic
def ouvrir_modele(*, grappe: Grappe, par: Utilisateur, source: Matrice | None = None) -> Matrice:
    """Ouvre une version du modèle de la grappe, vide ou depuis celle d'avant. Lève `Refus` (droit, etat)."""
    neuve = Matrice(grappe=grappe, creee_par=par)
    exiger(peut_preparer_matrice(par, neuve))
    Grappe._base_manager.select_for_update(of=("self",)).get(pk=grappe.pk)
    existantes = Matrice.objects.modeles().filter(grappe=grappe)
    _exiger_aucune_en_travail(existantes)
    neuve.numero = _prochain_numero(existantes)
    signer(neuve, par)
    neuve.save()
    if source is not None:
        _copier(source, neuve)
        _copier_raisons(source, neuve, sauf_portees=False)
    return neuve


@transaction.atomic
def ouvrir_variante(
    *, parcours: Parcours, par: Utilisateur, source: Matrice | None = None, au_modele: bool = False
) -> Matrice:
    """Ouvre une version de la variante d'un ESMS : depuis le modèle en vigueur, depuis celle d'avant, ou vide.

    Depuis celle d'avant, elle reste comparée au modèle dont elle vient : ce qu'il a changé se dit, et se reprend.
    Lève `Refus` (droit, etat).
    """
    exiger(peut_preparer_matrice(par, parcours))
    Parcours.objects.select_for_update(of=("self",)).get(pk=parcours.pk)
    existantes = Matrice.objects.filter(parcours=parcours)
    _exiger_aucune_en_travail(existantes)
    modele = modele_en_vigueur(parcours.grappe)
    if au_modele and modele is None:
        raise Refus("etat", MODELE_ABSENT)
    depuis = modele if au_modele else source
    neuve = Matrice(
        grappe=parcours.grappe,
        parcours=parcours,
        modele=modele if au_modele or source is None or source.modele_id is None else source.modele,
        numero=_prochain_numero(existantes),
        creee_par=par,
    )
    signer(neuve, par)
    neuve.save()
    if depuis is not None:
        _copier(depuis, neuve)
        _copier_raisons(depuis, neuve, sauf_portees=au_modele)
    return neuve


# --- Suivre le modèle, revoir ---


def ecarts_du_modele(matrice: Matrice, modele: Matrice | None) -> list[Ecart]:
    """Ce que le modèle en vigueur a changé depuis celui dont vient cette variante. Deux requêtes au plus."""
    if modele is None or matrice.est_modele or matrice.modele_id == modele.pk:
        return []
    return comparer(matrice.modele.cases() if matrice.modele else {}, modele.cases())


@transaction.atomic
def suivre_le_modele(*, matrice: Matrice, par: Utilisateur) -> tuple[int, int]:
    """Reporte ce que le modèle a changé, là où l'ESMS n'avait pas choisi autrement : (cases reprises, cases laissées).

    La variante se compare désormais au modèle en vigueur. Lève `Refus` (droit, etat).
    """
    exiger(peut_preparer_matrice(par, matrice))
    relue = _relire(matrice)
    exiger_modifiable(relue)
    modele = modele_en_vigueur(relue.grappe)
    changes = ecarts_du_modele(relue, modele)
    siennes = relue.cases()
    a_reprendre = [e for e in changes if siennes.get(e.cle) == e.avant]
    en_place = {p.pk for p in relue.profils_montres()}
    reels = comparer(siennes, appliquer(siennes, [e for e in a_reprendre if e.cle[0] in en_place]))
    _ecrire(relue, reels)
    if modele is not None:
        relue.modele = modele
        relue.saisie += 1
        signer(relue, par)
        relue.save(update_fields=["modele", "saisie"])
    return len(reels), sum(siennes.get(e.cle) not in (e.avant, e.apres) for e in changes)


@transaction.atomic
def revoir(*, matrice: Matrice, par: Utilisateur, le: date | None = None) -> Matrice:
    """« Revue, rien à changer » : la revue suivante se repousse d'autant. Lève `Refus` (droit, etat, champ)."""
    exiger(peut_valider_matrice(par, matrice))
    relue, jour = _relire(matrice), le or timezone.localdate()
    if relue.etat != EtatMatrice.VALIDEE:
        raise Refus("etat", "On ne revoit que des droits d'accès validés.")
    if jour > timezone.localdate():
        raise Refus("champ", "à venir", champs={"le": ["La revue a eu lieu aujourd'hui, ou un jour passé."]})
    if relue.revue_le and jour < relue.revue_le:
        phrase = f"Une revue plus récente est déjà notée, le {date_courte(relue.revue_le)}."
        raise Refus("champ", phrase, champs={"le": [phrase]})
    relue.revue_le = jour
    signer(relue, par)
    relue.save(update_fields=["revue_le"])
    relue.prevoir_revue(jour)
    return relue
