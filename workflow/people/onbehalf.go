package people

// onBehalf: they are of a kind that may ask for others here.
func onBehalf(s *Service, by Caller, m Matter) bool {
	kinds := map[OnBehalf]quality{
		ManagersMay: manager, AdminsMay: admin, OwnersMay: owner,
		EverybodyMay: func(*Service, Caller, Matter) bool { return true },
	}
	for _, kind := range s.onBehalf {
		if is, known := kinds[kind]; known && is(s, by, m) {
			return true
		}
	}
	return false
}
