package access

import "time"

// SignedIn is a sign-in to a directory by which somebody showed, for one yes, that it is they who say it.
type SignedIn struct {
	Directory string
	Account   string    `json:",omitempty"` // the id of the account there; empty where it was erased
	At        time.Time // when the directory saw them sign in
	Level     string    `json:",omitempty"` // how surely, in the directory's words (acr)
	Methods   []string  `json:",omitempty"` // by what, in the directory's words (amr)
	ByCode    bool      `json:",omitempty"` // with a code typed in at the directory, not by a link
}

// bare is the sign-in without the account.
func (s *SignedIn) bare() *SignedIn {
	if s == nil || s.Account == "" {
		return s
	}
	out := *s
	out.Account = ""
	return &out
}

// of is the sign-in to an account.
func (s *SignedIn) of(account string) *SignedIn {
	if s == nil || account == "" {
		return s
	}
	out := *s
	out.Account = account
	return &out
}

// account is the id of the account that was signed in to; "" if nobody did.
func (s *SignedIn) account() string {
	if s == nil {
		return ""
	}
	return s.Account
}
