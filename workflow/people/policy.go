package people

// OnBehalf is a kind of people who may ask for somebody else.
type OnBehalf string

// Who may ask for somebody else.
const (
	ManagersMay  OnBehalf = "managers" // for the people who report to them
	AdminsMay    OnBehalf = "admins"   // IT, for anybody
	OwnersMay    OnBehalf = "owners"   // for anybody, for apps they own
	EverybodyMay OnBehalf = "everybody"
)

// Rung is where those come from who are asked as well when nobody answers.
type Rung string

// The rungs.
const (
	RungNext     Rung = "next"     // whom the route asks next
	RungManager  Rung = "manager"  // the managers of those who don't answer
	RungFallback Rung = "fallback" // who decides when nobody else can
	RungIT       Rung = "it"
)

// Rungs are all of them, in the usual order.
func Rungs() []Rung { return []Rung{RungNext, RungManager, RungFallback, RungIT} }
