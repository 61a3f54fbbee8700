package entra

import "latchkey/idp"

// As gives what a tenant can do beyond what every directory can; people can sign in where the configuration names an app
// for that.
func (d *Directory) As(target any) bool {
	signsIn := d.cfg.SignInClient != ""
	switch to := target.(type) {
	case *idp.SessionEnder:
		*to = sessions{d.api}
	case *idp.PeopleLister:
		*to = everybody{d.people}
	case *idp.ManagerLister:
		*to = everybody{d.people}
	case *idp.AdminGroups:
		*to = adminGroups{d.groups}
	case *idp.AccountLog:
		*to = accountLog{d.api}
	case *idp.AppLister:
		*to = apps{d.api}
	case *idp.GroupSizer:
		*to = sizes{d.api}
	case *idp.SignIn:
		if signsIn {
			*to = signInApp{d.api, &d.logins}
		}
		return signsIn
	case *idp.Login:
		if signsIn {
			*to = signInApp{d.api, &d.logins}
		}
		return signsIn
	default:
		return false
	}
	return true
}
