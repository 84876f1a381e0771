"""Les profils d'une grappe : les créer, les corriger, les retirer ; un métier n'en a qu'un."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from formation.models import Habilitation, Matrice, Profil
from formation.permissions import peut_tenir_les_profils
from formation.services import matrices
from formation.services.references import matrice_type, profils_types
from programme.models import Grappe, Metier, Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.nombres import liste
from programme.socle.texte import normaliser
from programme.socle.versions import exiger_inchange

RETIRE = "Ce profil est retiré : il ne change plus."


def profils_de(grappe: Grappe) -> list[Profil]:
    """Ceux de la grappe, en vigueur, avec leurs métiers. Deux requêtes."""
    return list(Profil.objects.en_vigueur().filter(grappe=grappe).prefetch_related("metiers"))


def profil_par_metier(grappe: Grappe, *, sauf: Profil | None = None) -> dict[int, Profil]:
    """Clé d'un métier → le profil qui le reçoit."""
    return {m.pk: p for p in profils_de(grappe) if sauf is None or p.pk != sauf.pk for m in p.metiers.all()}


def _code_libre(grappe: Grappe, nom: str) -> str:
    pris = set(Profil.objects.filter(grappe=grappe).values_list("code", flat=True))
    base = slugify(nom)[:34] or "profil"
    return next(c for c in (base, *(f"{base}-{n}" for n in range(2, 1000))) if c not in pris)


def _exiger_nom_libre(profil: Profil) -> None:
    """Deux profils au même nom ne se distinguent plus dans un fichier."""
    autres = Profil.objects.en_vigueur().filter(grappe=profil.grappe_id).exclude(pk=profil.pk)
    if any(normaliser(nom) == normaliser(profil.nom) for nom in autres.values_list("nom", flat=True)):
        phrase = f"Un profil de cette grappe s'appelle déjà « {profil.nom} » : donnez-lui un autre nom."
        raise Refus("champ", phrase, champs={"nom": [phrase]})


def _poser_metiers(profil: Profil, metiers: Collection[Metier]) -> list[str]:
    """Donne ces métiers au profil et les retire des autres ; rend « métier (profil d'avant) » pour ceux qui bougent."""
    ailleurs = profil_par_metier(profil.grappe, sauf=profil)
    deplaces = [m for m in metiers if m.pk in ailleurs]
    Profil.metiers.through.objects.filter(profil__grappe=profil.grappe_id, metier__in=[m.pk for m in deplaces]).exclude(
        profil=profil.pk
    ).delete()
    profil.metiers.set(metiers)
    return [f"{m.nom} (était : {ailleurs[m.pk].nom})" for m in deplaces]


@transaction.atomic
def creer_profil(
    *, grappe: Grappe, nom: str, nature: str, metiers: Collection[Metier], par: Utilisateur
) -> tuple[Profil, list[str]]:
    """Crée un profil, en dernier ; rend aussi les métiers qui changent de profil. Lève `Refus` (droit, champ)."""
    exiger(peut_tenir_les_profils(par, grappe))
    Grappe._base_manager.select_for_update(of=("self",)).get(pk=grappe.pk)
    dernier = Profil.objects.filter(grappe=grappe).order_by("-ordre").first()
    profil = Profil(
        grappe=grappe,
        code=_code_libre(grappe, nom),
        nom=" ".join(nom.split()),
        nature=nature,
        ordre=min((dernier.ordre if dernier else 0) + 10, 32_000),
    )
    return profil, _enregistrer(profil, metiers, par)


@transaction.atomic
def modifier_profil(
    *, profil: Profil, nom: str, nature: str, metiers: Collection[Metier], par: Utilisateur, vu: int | None = None
) -> tuple[Profil, list[str]]:
    """Corrige un profil ; rend aussi les métiers qui changent de profil.

    Son code ne change pas : les raisons déjà données le nomment. Lève `Refus` (droit, etat, champ, concurrence).
    """
    exiger(peut_tenir_les_profils(par, profil))
    Grappe._base_manager.select_for_update(of=("self",)).get(pk=profil.grappe_id)
    relu = Profil.objects.select_related("grappe").get(pk=profil.pk)
    _exiger_en_vigueur(relu)
    exiger_inchange(Profil.history.filter(id=profil.pk), vu, ("nom", "nature"))
    relu.nom, relu.nature = " ".join(nom.split()), nature
    return relu, _enregistrer(relu, metiers, par)


def _exiger_en_vigueur(profil: Profil) -> None:
    if profil.retire_le:
        raise Refus("etat", RETIRE)


def _enregistrer(profil: Profil, metiers: Collection[Metier], par: Utilisateur) -> list[str]:
    valider(profil)
    _exiger_nom_libre(profil)
    signer(profil, par)
    profil.save()
    return _poser_metiers(profil, metiers)


@transaction.atomic
def retirer_profil(*, profil: Profil, par: Utilisateur) -> Profil:
    """Retire un profil : les versions à venir ne l'ont plus, ses métiers sont libres. Lève `Refus` (droit, etat)."""
    exiger(peut_tenir_les_profils(par, profil))
    relu = Profil.objects.select_for_update(of=("self",)).select_related("grappe").get(pk=profil.pk)
    _exiger_en_vigueur(relu)
    relu.retire_le = timezone.localdate()
    signer(relu, par)
    relu.save(update_fields=["retire_le"])
    relu.metiers.clear()
    return relu


def ce_que_retirer_change(profil: Profil) -> list[str]:
    """Ce que son retrait entraîne, en phrases, à lire avant de confirmer."""
    en_place = Matrice.objects.filter(habilitations__profil=profil).distinct()
    validees, en_travail = en_place.en_vigueur().count(), en_place.en_travail().count()
    noms = [m.nom for m in profil.metiers.all()]
    phrases = ["Les prochaines versions ne l'auront plus."]
    if validees or en_travail:
        phrases.append(
            f"Ses droits restent dans celles qui l'ont déjà : {validees} en vigueur, {en_travail} en travail."
        )
    if noms:
        phrases.append(f"{liste(noms)} : sans profil, à donner à un autre.")
    return phrases


@transaction.atomic
def partir_du_type(*, grappe: Grappe, par: Utilisateur) -> Matrice:
    """Crée les profils types qui manquent à la grappe, puis une version du modèle remplie d'après la matrice type.

    Un métier déjà donné à un profil de la grappe y reste. Lève `Refus` (droit, etat).
    """
    modele = matrices.ouvrir_modele(grappe=grappe, par=par)
    profils = _creer_types(grappe, par)
    modules = {m.code: m for m in modele.modules_montres()}
    Habilitation.objects.bulk_create(
        Habilitation(matrice=modele, profil=profils[p], module=modules[m], droit=droit, portee=portee)
        for (p, m), (droit, portee) in matrice_type().items()
        if p in profils and m in modules
    )
    return modele


def _creer_types(grappe: Grappe, par: Utilisateur) -> dict[str, Profil]:
    """Les profils types de la grappe, par code ; un profil retiré reste retiré."""
    connus = {p.code: p for p in Profil.objects.filter(grappe=grappe)}
    noms = {normaliser(p.nom) for p in connus.values() if not p.retire_le}
    pris = set(profil_par_metier(grappe))
    metiers = {m.code: m for m in Metier.objects.all()}
    rendu: dict[str, Profil] = {}
    for t in profils_types():
        deja = connus.get(t.code)
        if deja is not None:
            if not deja.retire_le:
                rendu[t.code] = deja
            continue
        if normaliser(t.nom) in noms:
            continue
        profil = Profil(grappe=grappe, code=t.code, nom=t.nom, nature=t.nature, ordre=t.ordre)
        signer(profil, par)
        profil.save()
        profil.metiers.set([metiers[c] for c in t.metiers if c in metiers and metiers[c].pk not in pris])
        rendu[t.code] = profil
    return rendu
