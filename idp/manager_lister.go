package idp

import (
	"context"
	"iter"
)

// ManagerLister goes through everybody in a directory and says who their managers are, as far as the list says it: of a
// hundred thousand accounts that is as many calls fewer.
type ManagerLister interface {
	// PeopleAndManagers is People of a PeopleLister that says of each account by what it names its manager: ManagerID where the
	// list has that, or else ManagerKey as it is written in the account. A key that is the ID of a listed account, or its Login
	// in whatever letter case, means that account; what another key means, only the account read alone says. An account with
	// neither names nobody.
	PeopleAndManagers(ctx context.Context) iter.Seq2[Person, error]
}
