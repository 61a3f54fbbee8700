package entra

import "latchkey/idp"

// As gives what a tenant can do beyond what every directory can.
func (d *Directory) As(target any) bool {
	switch to := target.(type) {
	case *idp.SessionEnder:
		*to = sessions{d.api}
	case *idp.PeopleLister:
		*to = everybody{d.people}
	case *idp.AdminGroups:
		*to = adminGroups{d.groups}
	case *idp.AccountLog:
		*to = accountLog{d.api}
	case *idp.AppLister:
		*to = apps{d.api}
	default:
		return false
	}
	return true
}
