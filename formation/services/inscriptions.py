"""Inscrire à une session, par personne ou par groupe ; la liste d'attente ; se désister.

Un groupe (« les éducateurs de l'IME X pas encore formés ») s'inscrit sans qu'on lise un nom.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from formation.calculs.besoins import Tenu, Vise
from formation.enums import EtatSession, StatutInscription
from formation.models import Acquis, Declinaison, Inscription, Poste, SessionFormation
from formation.models.sessions import A_VENIR
from formation.permissions import parcours_d_ici, peut_saisir_formation
from formation.services.noms import Noms
from formation.services.places import faire_monter, libres
from programme.enums import EtatParcours
from programme.models import Parcours, Utilisateur
from programme.services.controles import exiger
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde, quelques
from programme.socle.texte import normaliser

REFUSER, REMPLIR, ATTENDRE = "", "remplir", "attente"
SI_COMPLET = (
    (REFUSER, "me le dire, sans inscrire personne"),
    (REMPLIR, "remplir les places qui restent, sans plus"),
    (ATTENDRE, "mettre les suivantes en liste d'attente, dans l'ordre"),
)
"""Que faire quand il y a plus de personnes que de places."""
TOUS, METIER, UNITE = "tous", "metier", "unite"

PAS_OUVERTE = "Les inscriptions ne sont pas ouvertes : l'organisateur ouvre d'abord la session."
CLOSE = "Cette session est {} : on ne s'y inscrit plus."
PERSONNE = "Choisissez au moins une personne, ou un groupe."
PERSONNE_A_INSCRIRE = "Personne à inscrire ici : chacun est déjà formé, déjà inscrit, ou hors du public du module."
PLACES = (
    "Il reste {} et vous inscrivez {} : mettez les suivantes en liste d'attente, remplissez seulement les places, ou "
    "faites agrandir la session."
)
HORS_GRAPPE = "{} n'est pas d'un ESMS de la grappe : inscrivez-la à une session de la sienne."
HORS_ESMS = "{} n'est pas de « {} » : cette session n'est que pour cet ESMS."
ESMS_SORTI = "« {} » est sorti du projet : ses équipes ne s'inscrivent plus."
PAS_EN_POSTE = "{} ne sera pas en poste le {:%d/%m/%Y} : {}."
DEJA = "{} {} : retirez-la de la sélection."
DEUX_FOIS = "{} est là deux fois, par deux postes : gardez-en un."
DESISTEE = "Cette inscription est déjà retirée."
TENUE = "La session s'est tenue : une absence se pointe, l'inscription reste."


@dataclass
class Inscrites:
    """Ce qu'une inscription a fait. `en_trop` : au-delà des places, à une session déjà tenue."""

    session: SessionFormation
    inscrites: list[Inscription] = field(default_factory=list)
    en_attente: list[Inscription] = field(default_factory=list)
    laissees: list[Poste] = field(default_factory=list)
    en_trop: int = 0


@dataclass
class Candidat:
    """Un poste tenu le jour de la session, et pourquoi sa personne est (ou non) à inscrire."""

    poste: Poste
    vise: bool

    @property
    def a_inscrire(self) -> bool:
        """Le module s'adresse à elle, elle ne l'a pas, rien ne l'y inscrit déjà ; un renfort ne compte pas."""
        p: Any = self.poste
        return self.vise and not (p.est_forme or p.est_ici or p.est_prevu_ailleurs or p.est_desiste or p.est_renfort)

    @property
    def note(self) -> str:
        """Ce qu'il faut savoir avant de la cocher ; rien si elle est à inscrire."""
        p: Any = self.poste
        dits = (
            (p.est_desiste, "s'est désistée"),
            (p.est_forme, "déjà formée"),
            (p.est_prevu_ailleurs, "déjà inscrite à une autre session"),
            (p.est_renfort, "renfort de moins d'un mois"),
            (not self.vise, "hors public"),
        )
        return ", ".join(mot for vrai, mot in dits if vrai)


@dataclass(frozen=True, slots=True)
class Groupe:
    """Des personnes à inscrire d'un coup : la clé (« metier:3 »), ce que c'est, combien."""

    cle: str
    nom: str
    nombre: int


# --- qui inscrire --------------------------------------------------------------------------------------------------


def candidats(session: SessionFormation, parcours: Iterable[Any]) -> list[Candidat]:
    """Une personne par ESMS, en poste ce jour-là et pas déjà inscrite : d'abord celles à inscrire. Trois requêtes."""
    cles = [getattr(p, "pk", p) for p in parcours]
    ecartes = Declinaison.objects.filter(module=session.module_id, parcours__in=cles, sans_objet=True)
    module = Vise(
        session.module_id,
        publics=frozenset(session.module.publics.values_list("pk", flat=True)),
        sans_objet=frozenset(ecartes.values_list("parcours", flat=True)),
    )
    lus: dict[tuple[int, int], Candidat] = {}
    for poste in _postes(session, cles):
        tenu = Tenu(poste.professionnel_id, poste.parcours_id, poste.metier_id)
        candidat, cle = Candidat(poste, module.concerne(tenu)), (poste.parcours_id, poste.professionnel_id)
        if cle not in lus or (candidat.a_inscrire and not lus[cle].a_inscrire):
            lus[cle] = candidat
    restent = [c for c in lus.values() if not getattr(c.poste, "est_ici", False)]
    return sorted(restent, key=lambda c: (not c.a_inscrire, c.poste.professionnel.tri, c.poste.pk))


def _postes(session: SessionFormation, cles: Collection[int]) -> Any:
    elle = OuterRef("professionnel")
    d_elle = Inscription.objects.filter(professionnel=elle)
    ici, prises = d_elle.filter(session=session), d_elle.exclude(statut=StatutInscription.DESISTE)
    ailleurs = prises.filter(session__module=session.module_id, session__etat__in=A_VENIR).exclude(session=session)
    valables = Acquis.objects.valables(session.jour).filter(module=session.module_id, professionnel=elle)
    return (
        Poste.objects.en_poste(session.jour)
        .filter(parcours__in=cles)
        .annotate(
            est_forme=Exists(valables),
            est_ici=Exists(ici.exclude(statut=StatutInscription.DESISTE)),
            est_desiste=Exists(ici.filter(statut=StatutInscription.DESISTE)),
            est_prevu_ailleurs=Exists(ailleurs),
        )
        .pour_lecture()
        .order_by("professionnel__tri", "pk")
    )


def groupes(lus: Iterable[Candidat]) -> list[Groupe]:
    """Les groupes à inscrire parmi ces candidats : tout l'ESMS, par métier, par unité."""
    postes = [c.poste for c in lus if c.a_inscrire]
    if not postes:
        return []
    metiers, unites = Counter(p.metier for p in postes), Counter(p.unite for p in postes if p.unite)
    rendus = [Groupe(TOUS, "Toutes les personnes à former", len(postes))]
    for sorte, compte in ((METIER, metiers), (UNITE, unites)):
        tries = sorted(compte.items(), key=lambda couple: normaliser(str(couple[0])))
        rendus += [Groupe(f"{sorte}:{objet.pk}", str(objet), nombre) for objet, nombre in tries]
    return rendus


def _du_groupe(poste: Poste, cles: Collection[str]) -> bool:
    return not {TOUS, f"{METIER}:{poste.metier_id}", f"{UNITE}:{poste.unite_id}"}.isdisjoint(cles)


# --- inscrire ------------------------------------------------------------------------------------------------------


@transaction.atomic
def inscrire(
    *,
    session: SessionFormation,
    par: Utilisateur,
    parcours: Parcours | None = None,
    postes: Collection[int] = (),
    groupes: Collection[str] = (),
    si_complet: str = REFUSER,
) -> Inscrites:
    """Inscrit ces postes, et les personnes à former de ces groupes de l'ESMS `parcours`. Tout ou rien.

    Une session tenue reçoit encore qui y est venu sans être inscrit : sa capacité ne l'arrête plus. Lève `Refus`.
    """
    verrouillee = verrouiller(session)
    choisis = _choisis(verrouillee, par, parcours, postes, groupes)
    places = len(choisis) if verrouillee.est_tenue else libres(verrouillee)
    if len(choisis) > places and si_complet == REFUSER:
        reste = accorde(places, "place") if places else "0 place"
        raise Refus("conditions", PLACES.format(reste, Noms.pour(par, verrouillee).combien(choisis)))
    if si_complet == REMPLIR:
        rendu = Inscrites(verrouillee, laissees=choisis[places:])
        choisis = choisis[:places]
    else:
        rendu = Inscrites(verrouillee)
    _ecrire(rendu, choisis, places, par)
    if verrouillee.est_tenue:
        rendu.en_trop = max(verrouillee.inscriptions.inscrites().count() - verrouillee.capacite, 0)
    return rendu


def verrouiller(session: SessionFormation) -> SessionFormation:
    """La session relue sous verrou, si l'on peut encore y inscrire : deux dernières places n'en font qu'une."""
    relue = SessionFormation.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if relue.etat == EtatSession.PLANIFIEE:
        raise Refus("etat", PAS_OUVERTE)
    if relue.etat in (EtatSession.ANNULEE, EtatSession.EVALUEE):
        raise Refus("etat", CLOSE.format(relue.get_etat_display().lower()))
    return relue


def _choisis(
    session: SessionFormation, par: Utilisateur, parcours: Parcours | None, cles: Collection[int], noms: Collection[str]
) -> list[Poste]:
    postes = list(Poste.objects.filter(pk__in=set(cles)).pour_lecture().select_related("parcours__grappe"))
    for cible in {p.parcours for p in postes} | ({parcours} if parcours and noms else set()):
        _exiger_esms(session, cible, par)
    _exiger_personnes(session, postes, par)
    if noms and parcours:
        deja = {p.professionnel_id for p in postes}
        lus = [c.poste for c in candidats(session, [parcours]) if c.a_inscrire]
        postes += [p for p in lus if _du_groupe(p, noms) and p.professionnel_id not in deja]
    if not postes:
        raise Refus("conditions", PERSONNE_A_INSCRIRE if noms else PERSONNE)
    return postes


def _exiger_esms(session: SessionFormation, parcours: Parcours, par: Utilisateur) -> None:
    if parcours.grappe_id != session.grappe_id:
        raise Refus("conditions", HORS_GRAPPE.format("Cette personne"))
    if session.parcours_id and parcours.pk != session.parcours_id:
        raise Refus("conditions", HORS_ESMS.format("Cette personne", session.parcours))
    if parcours.etat == EtatParcours.SORTI:
        raise Refus("conditions", ESMS_SORTI.format(parcours))
    exiger(peut_saisir_formation(par, parcours))


def _exiger_personnes(session: SessionFormation, postes: list[Poste], par: Utilisateur) -> None:
    """En poste ce jour-là, pas déjà inscrites, pas deux fois dans l'envoi ; toutes les fautes d'un coup."""
    elles = [p.professionnel_id for p in postes]
    prises = session.inscriptions.filter(professionnel__in=elles).exclude(statut=StatutInscription.DESISTE)
    deja = {i.professionnel_id: i.get_statut_display().lower() for i in prises}
    fautes, noms = [], Noms.pour(par, session)
    for poste in postes:
        nom = noms.du_poste(poste)
        if not poste.est_tenu(session.jour):
            fautes.append(PAS_EN_POSTE.format(nom, session.jour, _pourquoi(poste, session)))
        elif statut := deja.get(poste.professionnel_id):
            mot = "est déjà inscrite" if statut == "inscrit" else "est déjà en liste d'attente"
            fautes.append(DEJA.format(nom, mot))
        elif elles.count(poste.professionnel_id) > 1:
            fautes.append(DEUX_FOIS.format(nom))
    if fautes:
        raise Refus("conditions", " ".join(dict.fromkeys(fautes)))


def _pourquoi(poste: Poste, session: SessionFormation) -> str:
    if poste.debut > session.jour:
        return f"son entrée est le {poste.debut:%d/%m/%Y}"
    return f"sa sortie est le {poste.fin:%d/%m/%Y}"


def _ecrire(rendu: Inscrites, choisis: list[Poste], places: int, par: Utilisateur) -> None:
    """Dans l'ordre : d'abord les places, puis l'attente ; chacune a son instant, qui fait son rang."""
    session, maintenant = rendu.session, timezone.now()
    revenues = {
        i.professionnel_id: i
        for i in session.inscriptions.filter(professionnel__in=[p.professionnel_id for p in choisis])
    }
    for rang, poste in enumerate(choisis):
        inscription = revenues.get(poste.professionnel_id) or Inscription(
            session=session, professionnel=poste.professionnel
        )
        inscription.poste, inscription.inscrite_par = poste, par
        inscription.inscrite_le = maintenant + timedelta(microseconds=rang)
        inscription.statut = StatutInscription.INSCRIT if rang < places else StatutInscription.EN_ATTENTE
        inscription.convoquee_le = None
        (rendu.inscrites if rang < places else rendu.en_attente).append(inscription)
    toutes = [*rendu.inscrites, *rendu.en_attente]
    Inscription.objects.bulk_create([i for i in toutes if i._state.adding])
    champs = ["poste", "inscrite_par", "inscrite_le", "statut", "convoquee_le"]
    Inscription.objects.bulk_update([i for i in toutes if i.professionnel_id in revenues], champs)


# --- se désister ---------------------------------------------------------------------------------------------------


@transaction.atomic
def retirer(*, inscription: Inscription, par: Utilisateur) -> list[Inscription]:
    """Retire une inscription ; rend qui monte de la liste d'attente. Lève `Refus` (droit, etat)."""
    exiger(peut_saisir_formation(par, inscription.poste.parcours))
    session = SessionFormation.objects.select_for_update(of=("self",)).get(pk=inscription.session_id)
    relue = Inscription.objects.get(pk=inscription.pk)
    if relue.statut == StatutInscription.DESISTE:
        raise Refus("etat", DESISTEE)
    if not session.est_a_venir:
        raise Refus("etat", TENUE if session.est_tenue else CLOSE.format(session.get_etat_display().lower()))
    relue.statut, relue.convoquee_le = StatutInscription.DESISTE, None
    relue.save(update_fields=["statut", "convoquee_le"])
    return faire_monter(session)


def esms_a_inscrire(session: SessionFormation, par: Utilisateur) -> list[tuple[Parcours, str]]:
    """Les ESMS que l'on peut inscrire, et combien de personnes y sont à former."""
    lus = list(parcours_d_ici(par, session).select_related("esms").order_by("esms__tri", "pk"))
    a_former: dict[int, list[Poste]] = {p.pk: [] for p in lus}
    for candidat in candidats(session, lus):
        if candidat.a_inscrire:
            a_former[candidat.poste.parcours_id].append(candidat.poste)
    noms = Noms.pour(par, session)
    return [(p, noms.combien(a_former[p.pk]) if a_former[p.pk] else "") for p in lus]


def dire(rendu: Inscrites, noms: Noms) -> str:
    """Ce qui vient d'être fait, en une phrase : les noms, ou les numéros pour qui ne gère pas l'ESMS."""
    bouts = []
    if rendu.inscrites:
        bouts.append(f"Inscription faite : {noms.combien([i.poste for i in rendu.inscrites])}")
        if all(noms.gere(i.poste) for i in rendu.inscrites):
            bouts[0] += f" ({quelques([noms.de(i) for i in rendu.inscrites])})"
    if rendu.en_attente:
        bouts.append(f"{noms.combien([i.poste for i in rendu.en_attente])} en liste d'attente")
    if rendu.laissees:
        bouts.append(f"{noms.combien(rendu.laissees)} sans place, pour une autre session")
    return f"{' ; '.join(bouts) or 'Personne'}."
