package okta

import "latchkey/idp"

// As gives what an org can do if it is set up for that: have people sign in, where the configuration names an app for it,
// and end their sessions, which needs a right beside the others.
func (d *Directory) As(target any) bool {
	signsIn := d.cfg.SignInClient != ""
	switch to := target.(type) {
	case *idp.SessionEnder:
		*to = sessions{d}
		return true
	case *idp.PeopleLister:
		*to = everybody{d}
		return true
	case *idp.ManagerLister:
		*to = everybody{d}
		return true
	case *idp.AdminGroups:
		*to = adminGroups{d}
		return true
	case *idp.AppLister:
		*to = apps{d}
		return true
	case *idp.GroupSizer:
		*to = apps{d}
		return true
	case *idp.AccountLog:
		*to = accountLog{d}
		return true
	case *idp.SignIn:
		if signsIn {
			*to = signInApp{d}
		}
		return signsIn
	case *idp.Login:
		if signsIn {
			*to = signInApp{d}
		}
		return signsIn
	}
	return false
}
