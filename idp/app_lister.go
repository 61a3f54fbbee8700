package idp

import "context"

// App is an application that a directory lets people into.
type App struct {
	ID     string
	Name   string // as people see it
	Kind   string // which product it is, in the directory's words, as in "salesforce"; "" if it doesn't say
	Active bool   // whether anybody can get in today
	Why    string // of one that nobody is to ask for, such as the directory's own console: a sentence that says so; "" otherwise
}

// Assignment is a group whose members an application lets in.
type Assignment struct {
	GroupID string
	Role    string // what the members are in the application, in the directory's words; "" if it doesn't say
}

// Assignments are all that an application is assigned to, and who answers for it.
type Assignments struct {
	Groups []Assignment
	// Owners are the addresses of those whom the directory names as the application's owners, in lower case, as far as
	// they can be asked: who has left isn't among them. None where it names none, or was not asked.
	Owners []string
	// InPerson is how many accounts it was assigned to without a group, which no change of a group's members takes away;
	// unknown where the directory wasn't asked, or doesn't tell.
	InPerson Count
}

// AppLister lists applications with the groups that are assigned to them, for proposing a catalogue. A list that can't be read
// to its end is an error, never a shorter list.
type AppLister interface {
	// Apps are all applications, in name order, active or not.
	Apps(ctx context.Context) ([]App, error)

	// Assignments are the groups assigned to an application, by its id. No such application: ErrNotFound.
	Assignments(ctx context.Context, appID string) (Assignments, error)
}

// GroupSizer knows how many accounts are in groups without listing them.
type GroupSizer interface {
	// GroupSizes is how many accounts are in each of these groups, by the group's id. A group of which the directory doesn't
	// say it is left out, and so is one that isn't there: that says nothing of who is in it.
	GroupSizes(ctx context.Context, groupIDs []string) (map[string]int, error)
}
