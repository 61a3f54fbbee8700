package people

// onBehalf: they are of a kind that may ask for others here.
func onBehalf(in authority, by Caller, m Matter) bool {
	kinds := map[OnBehalf]quality{
		ManagersMay: manager, AdminsMay: admin, OwnersMay: owner,
		EverybodyMay: func(authority, Caller, Matter) bool { return true },
	}
	for _, kind := range in.onBehalf {
		if is, known := kinds[kind]; known && is(in, by, m) {
			return true
		}
	}
	return false
}
