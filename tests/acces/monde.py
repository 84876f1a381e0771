"""Un petit monde : une grappe de deux OG (dedans), une autre grappe ailleurs (dehors), et tous les rôles."""

from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile

from formation.models import (
    Acquis,
    CompteDui,
    Formateur,
    Inscription,
    Matrice,
    MesureChangement,
    ModuleFormation,
    Objectif,
    Poste,
    Professionnel,
    Profil,
    SessionFormation,
)
from gouvernance.models import Alerte, Decision, DossierSeance, Entree, Instance, Mandat, Point, Seance
from gouvernance.services.calendriers import creer_adresse
from programme.enums import Role
from programme.models import (
    Action,
    Affectation,
    Application,
    Avenant,
    Besoin,
    BesoinCommun,
    Candidature,
    DemandeParametrage,
    Esms,
    EvenementEsms,
    Grappe,
    Groupe,
    Jalon,
    Moment,
    OrganismeGestionnaire,
    Ouverture,
    Parcours,
    Proposition,
    Region,
    Utilisateur,
    Vague,
)
from programme.services.checklist.modele import preparer_version
from programme.services.moments import proposer_vague
from programme.socle.enums import EtatTravail
from programme.socle.models import Correspondance, Filtre, Piece, Travail
from programme.socle.pieces import deposer
from programme.socle.porte import changer_etat
from risques.models import (
    AnalyseLocale,
    Campagne,
    Evaluation,
    Grille,
    PartageRisques,
    Risque,
    VersionQuestionnaire,
)
from tests.acces.monde_usages import correspondance_connexions, donner_des_retours, etudier, relever
from tests.fabriques import (
    ActionFactory,
    ApplicationFactory,
    AvenantFactory,
    CandidatureFactory,
    ConventionFactory,
    DemandeParametrageFactory,
    DepartementFactory,
    EsmsFactory,
    GrappeFactory,
    GroupeFactory,
    JalonFactory,
    ModuleFactory,
    OgFactory,
    OuvertureFactory,
    ParcoursFactory,
    RegionFactory,
    affecter,
    cheffe_de,
    modele_publie,
    pdf,
)
from tests.formation.fabriques import (
    CompteDuiFactory,
    FormateurFactory,
    HabilitationFactory,
    InscriptionFactory,
    MatriceFactory,
    MesureChangementFactory,
    ModuleFormationFactory,
    ObjectifFactory,
    PosteFactory,
    ProfilFactory,
    SessionFormationFactory,
    former,
)
from tests.gouvernance.fabriques import (
    AlerteFactory,
    DecisionFactory,
    DossierSeanceFactory,
    EntreeFactory,
    InstanceFactory,
    PointFactory,
    SeanceFactory,
    mandater,
)
from tests.risques.fabriques import (
    AnalyseLocaleFactory,
    PartageFactory,
    RisqueFactory,
    campagne_ouverte,
    grille_de,
)
from tests.usages.monographies.fabriques import EquipierFactory
from usages.enums import RoleEtude
from usages.models import (
    Cible,
    Commentaire,
    Constat,
    DemandeEditeur,
    Edition,
    Enseignement,
    Equipier,
    Etude,
    Indicateur,
    Irritant,
    LienDeRetour,
    Monographie,
    MonteeDeVersion,
    NoteDeVisite,
    PhotoDeVisite,
    Pratique,
    Precision,
    PreuveUsage,
    RegleIndicateur,
    Relais,
    Releve,
    Retour,
    TempsDeVisite,
    Ticket,
    Valeur,
    Verbatim,
    Visite,
)

ANONYME = "anonyme"


@dataclass(frozen=True)
class Cote:
    """De quoi nommer une page d'un côté du périmètre : un ESMS et tout ce qui s'y rattache."""

    region: Region
    og: OrganismeGestionnaire
    esms: Esms
    groupe: Groupe
    grappe: Grappe
    parcours: Parcours
    ouverture: Ouverture
    vague: Vague
    affectation: Affectation
    travail: Travail
    correspondance: Correspondance
    correspondance_rh: Correspondance
    correspondance_connexions: Correspondance
    evenement: EvenementEsms
    jalon: Jalon
    avenant: Avenant
    piece: Piece
    vue: Filtre
    demandeparametrage: DemandeParametrage
    action: Action
    action_de_grappe: Action
    application: Application
    commun: BesoinCommun
    moment: Moment
    candidature: Candidature
    versionquestionnaire: VersionQuestionnaire
    campagne: Campagne
    evaluation: Evaluation
    evaluation_d_esms: Evaluation
    grille: Grille
    grille_d_esms: Grille
    analyselocale: AnalyseLocale
    risque: Risque
    risque_de_grappe: Risque
    partage: PartageRisques
    calendrier: str
    instance: Instance
    mandat: Mandat
    seance: Seance
    point: Point
    decision: Decision
    alerte: Alerte
    alerte_de_grappe: Alerte
    entree: Entree
    entree_de_grappe: Entree
    dossier: DossierSeance
    professionnel: Professionnel
    poste: Poste
    moduleformation: ModuleFormation
    acquis: Acquis
    formateur: Formateur
    sessionformation: SessionFormation
    session_de_grappe: SessionFormation
    inscription: Inscription
    profil: Profil
    modele: Matrice
    matrice: Matrice
    comptedui: CompteDui
    mesurechangement: MesureChangement
    mesure_de_grappe: MesureChangement
    objectif: Objectif
    indicateur: Indicateur
    releve: Releve
    transmis: Releve
    valeur: Valeur
    precision: Precision
    ticket: Ticket
    irritant: Irritant
    correspondance_tickets: Correspondance
    depot_tdb: Travail
    demandeediteur: DemandeEditeur
    montee: MonteeDeVersion
    cible: Cible
    regle: RegleIndicateur
    preuveusage: PreuveUsage
    lien: LienDeRetour
    retour: Retour
    relais: Relais
    enseignement: Enseignement
    pratique: Pratique
    verbatim: Verbatim
    etude: Etude
    menee: Etude
    equipier: Equipier
    visite: Visite
    visitee: Visite
    temps: TempsDeVisite
    note: NoteDeVisite
    photo: PhotoDeVisite
    verbatim_de_visite: Verbatim
    constat: Constat
    monographie: Monographie
    commentaire: Commentaire
    edition: Edition


@dataclass(frozen=True)
class Monde:
    """Les deux côtés, et un compte par rôle (`anonyme` : aucun compte)."""

    dedans: Cote
    dehors: Cote
    comptes: dict[str, Utilisateur | None]


def _batir_cote(region: Region, departement: Any, grappe: Grappe) -> Cote:
    """Un ESMS et ce qui s'y rattache ; la cheffe a proposé un passage et préparé un import."""
    cheffe = cheffe_de(grappe)
    og = OgFactory()
    esms = EsmsFactory(og=og, departement=departement)
    groupe = GroupeFactory(og=og)
    groupe.esms.add(esms)
    parcours = ParcoursFactory(esms=esms, grappe=grappe)
    Proposition.objects.create(parcours=parcours, transition="engager", proposee_par=cheffe)
    travail = Travail.objects.create(
        genre="feuille", objet="Feuille", par=cheffe, parametres={"grappe": grappe.pk}, etat=EtatTravail.INTERROMPU
    )
    travail.rapport.save("rapport.csv", ContentFile(b"ligne;raison\n"))
    convention = ConventionFactory(grappe=grappe)
    jalon = JalonFactory(convention=convention)
    # La cheffe évalue la grappe et l'ESMS, sans avoir rien transmis.
    campagne = campagne_ouverte(grappe=grappe, creee_par=cheffe, population=[None, parcours])
    de_grappe = campagne.evaluations.get(parcours__isnull=True)
    comop = InstanceFactory(grappe=grappe, nom="COMOP", creee_par=cheffe, quorum=0)
    seance = SeanceFactory(comite=comop, creee_par=cheffe)
    formation = _former(parcours, cheffe)
    return Cote(
        region=region,
        og=og,
        esms=esms,
        groupe=groupe,
        grappe=grappe,
        parcours=parcours,
        ouverture=OuvertureFactory(unite__parcours=parcours),
        vague=Vague.objects.create(grappe=grappe, numero=1),
        affectation=affecter(Role.REFERENT, esms).affectations.get(),
        travail=travail,
        correspondance=_correspondance(grappe, cheffe),
        evenement=EvenementEsms.objects.create(esms=esms, nature="og", avant=og.finess, apres=og.finess),
        jalon=jalon,
        avenant=AvenantFactory(convention=convention, saisi_par=cheffe),
        piece=deposer(jalon, pdf(), par=cheffe),
        vue=Filtre.objects.create(
            liste="programme:parcours-liste", nom="Retards", par=cheffe, partage="grappe", grappe=grappe
        ),
        demandeparametrage=DemandeParametrageFactory(parcours=parcours, module=ModuleFactory(), creee_par=cheffe),
        action=ActionFactory(parcours=parcours, creee_par=cheffe, responsable_nom="Le prestataire réseau"),
        action_de_grappe=ActionFactory(grappe=grappe, creee_par=cheffe, precision="Avec l'éditeur."),
        application=ApplicationFactory(parcours=parcours),
        commun=_rapprocher(parcours),
        moment=proposer_vague(parcours=parcours, vague=Vague.objects.create(grappe=grappe, numero=2), par=cheffe),
        candidature=CandidatureFactory(parcours=parcours, presentee_par=cheffe),
        versionquestionnaire=campagne.version_posee,
        campagne=campagne,
        evaluation=de_grappe,
        evaluation_d_esms=campagne.evaluations.get(parcours=parcours),
        grille=grille_de(cheffe, de_grappe, {"A1": 9}),
        grille_d_esms=grille_de(affecter(Role.APPUI, esms), campagne.evaluations.get(parcours=parcours)),
        analyselocale=AnalyseLocaleFactory(parcours=parcours),
        risque=RisqueFactory(parcours=parcours, cree_par=cheffe),
        risque_de_grappe=RisqueFactory(grappe=grappe, cree_par=cheffe),
        partage=PartageFactory(parcours=parcours, objet="leviers", ouvert_par=cheffe),
        calendrier=creer_adresse(par=cheffe),
        instance=comop,
        mandat=mandater(comop, cheffe, confie_par=cheffe),
        seance=seance,
        point=PointFactory(seance=seance),
        decision=DecisionFactory(comite=comop, creee_par=cheffe, seance=seance),
        alerte=AlerteFactory(grappe=grappe, parcours=parcours, levee_par=cheffe),
        alerte_de_grappe=AlerteFactory(grappe=grappe, levee_par=cheffe, origine="grappe"),
        entree=EntreeFactory(grappe=grappe, parcours=parcours, auteur=cheffe),
        entree_de_grappe=EntreeFactory(grappe=grappe, auteur=cheffe),
        dossier=DossierSeanceFactory(seance=seance, fait_par=cheffe),
        correspondance_connexions=correspondance_connexions(og, cheffe),
        **formation,
        **relever(parcours, cheffe, jalon),
        **donner_des_retours(parcours, cheffe),
        **etudier(parcours, cheffe),
    )


def _former(parcours: Parcours, cheffe: Utilisateur) -> dict[str, Any]:
    """Une personne en poste, inscrite à une session de l'ESMS ; une variante en brouillon sous un modèle."""
    grappe = parcours.grappe
    poste = PosteFactory(parcours=parcours)
    module = ModuleFormationFactory(grappe=grappe)
    session = SessionFormationFactory(module=module, parcours=parcours, creee_par=cheffe)
    profil = ProfilFactory(grappe=grappe)
    profil.metiers.add(poste.metier)
    modele = MatriceFactory(grappe=grappe, parcours=None, creee_par=cheffe)
    matrice = MatriceFactory(parcours=parcours, modele=modele, creee_par=cheffe)
    for m in (modele, matrice):
        HabilitationFactory(matrice=m, profil=profil)
    de_l_esms = ActionFactory(parcours=parcours, creee_par=cheffe, origine="changement")
    de_la_grappe = ActionFactory(grappe=grappe, creee_par=cheffe, origine="changement")
    return {
        "professionnel": poste.professionnel,
        "poste": poste,
        "moduleformation": module,
        "acquis": former(poste, module),
        "formateur": FormateurFactory(grappe=grappe),
        "sessionformation": session,
        "session_de_grappe": SessionFormationFactory(module=module, creee_par=cheffe),
        "inscription": InscriptionFactory(session=session, poste=poste, inscrite_par=cheffe),
        "profil": profil,
        "modele": modele,
        "matrice": matrice,
        "comptedui": CompteDuiFactory(parcours=parcours),
        "correspondance_rh": correspondance_rh(parcours.esms.og, cheffe),
        "mesurechangement": MesureChangementFactory(action=de_l_esms),
        "mesure_de_grappe": MesureChangementFactory(action=de_la_grappe),
        "objectif": ObjectifFactory(parcours=parcours),
    }


def correspondance_rh(og: OrganismeGestionnaire, par: Utilisateur) -> Correspondance:
    """Le fichier du personnel de l'organisme, relié."""
    colonnes = {c: c for c in ("matricule", "nom", "metier", "esms", "unite", "entree", "sortie")}
    options = {"lecture": {"feuille": "Tableau", "ligne_entete": 1}, "entetes": list(colonnes)}
    return Correspondance.objects.create(
        genre="professionnels", og=og, par=par, code="paie", nom="Export de paie", colonnes=colonnes, options=options
    )


def _rapprocher(parcours: Parcours) -> BesoinCommun:
    """Un besoin commun, demandé par ce seul ESMS."""
    commun = BesoinCommun.objects.create(grappe=parcours.grappe, libelle="Une relève lisible")
    Besoin.objects.create(parcours=parcours, libelle="Lire la nuit en une page", commun=commun)
    return commun


def _correspondance(grappe: Grappe, par: Utilisateur) -> Correspondance:
    """Un classeur déjà déposé et relié par qui conduit la grappe."""
    correspondance = Correspondance.objects.create(
        genre="reprise",
        code="suivi",
        nom="Suivi",
        par=par,
        colonnes={"finess": "finess", "etat": "etat"},
        options={"lecture": {"feuille": "Suivi", "ligne_entete": 1}, "entetes": ["FINESS", "État"]},
    )
    parametres = {"grappe": grappe.pk, "correspondance": correspondance.pk}
    depot = Travail(genre="reprise-depot", par=par, parametres=parametres, etat=EtatTravail.TERMINE)
    depot.fichier.save("suivi.csv", ContentFile("FINESS;État\n330000001;OK\n330000002;Cadrage\n".encode()))
    return correspondance


def batir() -> Monde:
    """Bâtit le monde.

    `voisin` dirige l'ESMS d'un autre OG de la même grappe ; `etranger` conduit l'autre grappe.
    """
    gironde = DepartementFactory()
    bretagne = RegionFactory(code="53", nom="Bretagne")
    ille_et_vilaine = DepartementFactory(code="35", nom="Ille-et-Vilaine", code_finess="35", region=bretagne)
    grappe, ailleurs = GrappeFactory(region=gironde.region), GrappeFactory(region=bretagne)
    grappe.modules.add(ModuleFactory())
    modele_publie({"instances": "grappe", "budget": "og", "kit": "groupe", "cvs": "esms"})
    dedans = _batir_cote(gironde.region, gironde, grappe)
    dehors = _batir_cote(bretagne, ille_et_vilaine, ailleurs)
    for cote in (dedans, dehors):
        # Avant le dépôt, le financeur ne voit rien (voir test_confiance).
        changer_etat(cote.grappe, "deposer", par=cote.travail.par)
        preparer_version(grappe=cote.grappe, par=cote.travail.par)
    d_a_cote = ParcoursFactory(grappe=grappe, esms__departement=gironde)

    affectations: dict[str, tuple[str, Any]] = {
        "directeur": (Role.DIRECTEUR, dedans.esms),
        "referent": (Role.REFERENT, dedans.esms),
        "siege": (Role.SIEGE, dedans.og),
        "ars": (Role.ARS, gironde.region),
        "grades": (Role.GRADES, gironde.region),
        "appui": (Role.APPUI, dedans.og),
        "membre": (Role.MEMBRE, grappe),
        "admin": (Role.ADMIN, None),
        "voisin": (Role.DIRECTEUR, d_a_cote.esms),
    }
    comptes: dict[str, Utilisateur | None] = {
        ANONYME: None,
        "chef_projet": dedans.travail.par,
        "etranger": dehors.travail.par,
    }
    for nom, (role, cible) in affectations.items():
        comptes[nom] = affecter(role, cible)
    mandater(dedans.instance, comptes["membre"])
    for etude in (dedans.etude, dedans.menee):
        EquipierFactory(etude=etude, compte=comptes["appui"], role=RoleEtude.AUTEUR)
        EquipierFactory(etude=etude, compte=comptes["grades"], role=RoleEtude.LECTEUR)
    # Un export se dépose par qui saisit : seul lui le relie.
    Travail.objects.filter(pk=dedans.depot_tdb.pk).update(par=comptes["directeur"])
    return Monde(dedans, dehors, comptes)
