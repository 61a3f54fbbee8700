package workflow

import (
	"slices"

	"latchkey/access"
)

// OnBehalf is a kind of people who may ask for somebody else.
type OnBehalf string

// Who may ask for somebody else.
const (
	ManagersMay  OnBehalf = "managers" // for the people who report to them
	AdminsMay    OnBehalf = "admins"   // IT, for anybody
	OwnersMay    OnBehalf = "owners"   // for anybody, for apps they own
	EverybodyMay OnBehalf = "everybody"
)

// MayAskFor tells whether somebody may ask for another person. An app that is
// empty or unknown has no owners.
func (s *Service) MayAskFor(by, beneficiary access.Person, app string) error {
	if by.ID == beneficiary.ID {
		return nil
	}
	may := map[OnBehalf]func() bool{
		ManagersMay:  func() bool { return beneficiary.Manager == by.ID },
		AdminsMay:    func() bool { return s.isAdmin(by.ID) },
		OwnersMay:    func() bool { return s.owns(by.ID, app) },
		EverybodyMay: func() bool { return true },
	}
	for _, kind := range s.OnBehalf {
		if allowed, known := may[kind]; known && allowed() {
			return nil
		}
	}
	return access.Refuse(access.NotAllowed, "person", "You can't ask for "+beneficiary.Display()+". They can ask for themselves, or their manager can.")
}

func (s *Service) owns(who access.PersonID, app string) bool {
	a, ok := s.Config.Catalog.App(app)
	return ok && slices.Contains(PeopleOf(a.Owners), who)
}

// Oversees tells whether somebody may look at and end other people's access to
// an app: IT and the app's owners. An empty app stands for all apps.
func (s *Service) Oversees(who access.PersonID, app string) error {
	if s.isAdmin(who) || s.owns(who, app) {
		return nil
	}
	if app == "" {
		return access.Refuse(access.NotAllowed, "", "Only IT can see this.")
	}
	return access.Refuse(access.NotAllowed, "", "Only IT and the app's owners can see this.")
}
