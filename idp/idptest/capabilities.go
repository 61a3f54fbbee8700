package idptest

import "latchkey/idp"

// Capability is something that only some directories can do.
type Capability struct {
	Name string                   // of its interface in package idp
	Has  func(idp.Directory) bool // whether a directory can do it
}

// Capabilities are all there are; a test holds them against package idp. What stands around a directory has to give each
// of those that the directory has.
func Capabilities() []Capability {
	return []Capability{
		capability[idp.MemberChecker]("MemberChecker"), capability[idp.Lagging]("Lagging"), capability[idp.UsageReporter]("UsageReporter"),
		capability[idp.SessionEnder]("SessionEnder"), capability[idp.Expirer]("Expirer"), capability[idp.Tenanted]("Tenanted"), capability[idp.Lister]("Lister"), capability[idp.Prober]("Prober"),
		capability[idp.AccountLog]("AccountLog"), capability[idp.AdminGroups]("AdminGroups"), capability[idp.AppLister]("AppLister"), capability[idp.GroupSizer]("GroupSizer"),
		capability[idp.PeopleLister]("PeopleLister"), capability[idp.ManagerLister]("ManagerLister"), capability[idp.SignIn]("SignIn"), capability[idp.Login]("Login"),
	}
}

func capability[T any](name string) Capability {
	return Capability{name, func(d idp.Directory) bool { _, able := idp.As[T](d); return able }}
}

// Able is a directory that has every capability, for tests of what stands around one. What it is called for
// beyond what a Directory does breaks down.
func Able(d idp.Directory) idp.Directory { return able{Directory: d} }

// able is all that a directory can be.
type able struct {
	idp.Directory
	idp.MemberChecker
	idp.Lagging
	idp.UsageReporter
	idp.SessionEnder
	idp.Expirer
	idp.Tenanted
	idp.Lister
	idp.Prober
	idp.AccountLog
	idp.AdminGroups
	idp.AppLister
	idp.GroupSizer
	idp.PeopleLister
	idp.ManagerLister
	idp.SignIn
	idp.Login
}
