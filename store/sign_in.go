package store

import (
	"time"

	"latchkey/access"
)

// SignIn is one that somebody was asked for: to say yes to a request, or to take a role in an emergency. It is
// good for that alone and once, and is gone when it was used or its time is up. What opens it is known by its
// hash alone.
type SignIn struct {
	ID        string
	Version   uint64
	By        access.Actor // who has to sign in, as they asked for it
	Directory string
	Account   string // theirs there: the one that has to be signed in to

	Request   string        `json:",omitempty"` // to which they say yes
	Stage     int           `json:",omitempty"` // at which stage
	Wanted    time.Duration `json:",omitempty"` // for less time than was asked; zero: as asked
	Emergency *Emergency    `json:",omitempty"` // the role that they take, where they say yes to nothing

	Link     string           `json:",omitempty"` // the hash of the secret in their link; "": they were given a code
	Browser  string           `json:",omitempty"` // the hash of the secret of the browser that opened the link last
	Returned bool             `json:",omitempty"` // that browser came back from the directory
	Proof    *access.SignedIn `json:",omitempty"` // they have signed in
	Begun    time.Time
	Expires  time.Time
}

// Emergency is a role that somebody is about to take.
type Emergency struct {
	Origin, App, Role, Reason, Incident, Typed string
	Wanted                                     time.Duration
}

// SignInKind is the kind of its records, for what falls due.
const SignInKind = "sign_in"

func signIns() table[SignIn] {
	return table[SignIn]{
		kind: SignInKind,
		row: func(s *SignIn) Record {
			return Record{ID: s.ID, Version: s.Version, Index: []string{"person:" + string(s.By.Person), "open"}, Due: s.Expires}
		},
		set: func(s *SignIn, v uint64) { s.Version = v },
	}
}

// LoadSignIn loads a sign-in by its id. Absent: ErrNotFound.
func LoadSignIn(tx Tx, id string) (SignIn, error) { return signIns().get(tx, id) }

// SignInsOf are those that somebody was asked for and that are not over.
func SignInsOf(tx Tx, who access.PersonID) ([]SignIn, error) {
	return signIns().whole(tx, "person:"+string(who))
}

// OpenSignIns are all that are not over.
func OpenSignIns(tx Tx) ([]SignIn, error) { return signIns().whole(tx, "open") }

// PutSignIn stores s at its version and raises it.
func PutSignIn(tx Tx, s *SignIn) error { return signIns().put(tx, s) }

// DropSignIn forgets a sign-in.
func DropSignIn(tx Tx, id string) error { return tx.Delete(SignInKind, id) }
