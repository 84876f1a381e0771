"""Journal de bord et agenda : les retours de chaque jour, fictifs, groupés par même problème."""

from tests.usages.retours.etiquettes import AGENDA, BORD, Retour, groupe

DU_QUOTIDIEN: list[Retour] = [
    *groupe(
        "lenteur-du-soir",
        BORD,
        ("Les Cèdres", "À la relève de 21 h le journal met plus d'une minute à s'ouvrir sur la tablette."),
        ("Les Aulnes", "le soir sa rame, on attend 2 min pour ouvrir les transmissions", "plus rapide le soir svp"),
        ("Nuit", "Transmissions très lentes à ouvrir le soir à la relève, la roue tourne", "Un serveur plus rapide."),
        ("Internat", "lenteur du cahier de liaison vers 21h quand tout le monde se connecte, surtout tablette"),
        ("Foyer", "ouverture du journal interminable aux heures de relève, une minute montre en main"),
    ),
    *groupe(
        "double-saisie-de-la-releve",
        BORD,
        (
            "Jour",
            "On ressaisit la relève deux fois, dans le journal et dans le cahier papier.",
            "Garder un seul support",
        ),
        ("Nuit", "on écrit la relève 2 fois : papier + DUI", "supprimer le cahier papier"),
        ("Les Aulnes", "Double saisie à la relève, cahier et logiciel, perte de temps"),
        ("Foyer", "je recopie le cahier papier de la relève dans le DUI tous les matins"),
    ),
    *groupe(
        "texte-perdu-a-la-deconnexion",
        BORD,
        (
            "Jour",
            "J'écrivais ma transmission, la session a expiré et tout mon texte est perdu.",
            "Enregistrer un brouillon",
        ),
        ("SESSAD", "deconecté au bout de 10 min, la transmi que je tapais a disparu", "brouillon automatique"),
        ("Les Cèdres", "Le logiciel nous déconnecte pendant qu'on rédige et le texte n'est pas sauvegardé"),
        ("IME", "perdu une transmission longue, déconnexion au milieu de la saisie, aucune sauvegarde"),
        ("ESAT", "quand on est interrompu la session se ferme et ce qu'on avait écrit est effacé", "sauvegarde auto"),
    ),
    *groupe(
        "non-lus",
        BORD,
        (
            "Jour",
            "Impossible de voir quelles transmissions je n'ai pas encore lues depuis mes congés.",
            "Marquer les non lues",
        ),
        ("IME", "au retour de repos on ne sait pas ce qu'on a pas lu ds les transmissions"),
        ("Foyer", "Il manque un repère lu / non lu sur le journal de bord", "Un point de couleur pour les non lus"),
        ("SESSAD", "je relis tout au retour de vacances, rien ne dit ce qui est nouveau dans les transmissions"),
    ),
    *groupe(
        "cibles-trop-nombreuses",
        BORD,
        ("Jour", "Quarante thèmes de transmission au choix, on prend toujours « autre ».", "Réduire à dix thèmes"),
        (
            "Les Aulnes",
            "la liste des thèmes est bcp trop longue, personne s'y retrouve",
            "limiter les thèmes de transmission",
        ),
        ("Foyer", "Trop de catégories quand on crée une transmission, chacun classe à sa façon"),
    ),
    *groupe(
        "transport-absent-de-l-agenda",
        AGENDA,
        ("Accueil", "Le transport du mercredi n'apparaît pas dans l'agenda.", "Afficher les taxis"),
        ("IME", "les taxis ne sont pas visibles sur le planning des jeunes", "ajouter le transport dans l'agenda"),
        ("SESSAD", "on voit pas les transports ds l'agenda du coup on rate le taxi du mercredi"),
        ("Externat", "Aucune trace des tournées de transport dans le planning, il faut appeler le chauffeur"),
    ),
    *groupe(
        "rdv-en-double",
        AGENDA,
        ("Secrétariat", "Un rendez-vous récurrent déplacé se met en double dans l'agenda."),
        ("CMPP", "quand je déplace un rdv il apparait 2 fois sur le planning", "corriger les doublons de rdv"),
        ("CAMSP", "doublons de rendez vous après modification dans l agenda"),
        ("SESSAD", "RDV en double à chaque changement d'horaire d'une série"),
    ),
    *groupe(
        "agenda-telephone",
        AGENDA,
        ("SESSAD", "Pas moyen d'avoir mon agenda sur mon téléphone en visite.", "Synchroniser avec le téléphone"),
        ("SAVS", "en vad je n'ai pas mon planning sur le portable pro", "synchro agenda portable"),
        ("SAMSAH", "L'agenda ne se synchronise pas avec le smartphone, je note mes visites à la main"),
        ("CMPP", "besoin de consulter l'agenda depuis un tel, l'écran n'est pas prévu pour"),
    ),
    *groupe(
        "salles",
        AGENDA,
        (
            "CMPP",
            "On ne peut pas réserver une salle depuis l'agenda, deux groupes se retrouvent dans la même.",
            "Réservation",
        ),
        ("CAMSP", "reservation des salles impossible, on se marche dessus", "gérer les salles dans le planning"),
        ("IME", "la salle snoezelen est prise par deux collègues à la même heure, pas de réservation dans l'agenda"),
    ),
    *groupe(
        "vue-equipe",
        AGENDA,
        ("SESSAD", "Je ne peux pas afficher les agendas de mes collègues côte à côte.", "Une vue par équipe"),
        ("CMPP", "voir le planning de toute l'équipe sur une seule page, aujourd'hui c'est un par un"),
        ("SAVS", "impossible d'avoir une vue équipe de l'agenda, on ouvre chaque collègue l'un après l'autre"),
    ),
]
