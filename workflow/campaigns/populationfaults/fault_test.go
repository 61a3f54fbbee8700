package populationfaults

// fault is one thing that goes wrong.
type fault struct {
	name  string
	plant func(*call)
	// loud says that a review must not start, though the rows may be right: nobody could know that they are.
	loud bool
	// who says that only who is asked about is looked at, and not whether they have left: of that the service's word is taken.
	who bool
	// dangles says that the service does show somebody who isn't there, as some do: there is a row of them.
	dangles bool
}

// onPage plants it on a page of the list, at every reading.
func onPage(n int, plant func(*call)) func(*call) {
	return func(c *call) {
		if c.asks == members && c.page == n {
			plant(c)
		}
	}
}

func onMembers(plant func(*call)) func(*call) {
	return func(c *call) {
		if c.asks == members {
			plant(c)
		}
	}
}

func onUsers(n int, plant func(*call)) func(*call) {
	return func(c *call) {
		if c.asks == users && c.page == n {
			plant(c)
		}
	}
}

// onEither plants it in every list of who is in the group, so that no list of the service's contradicts another.
func onEither(n int, plant func(*call)) func(*call) {
	return func(c *call) {
		if (c.asks == members || c.asks == users) && c.page == n {
			plant(c)
		}
	}
}

func onCount(plant func(*call)) func(*call) {
	return func(c *call) {
		if c.asks == count {
			plant(c)
		}
	}
}

func onGroup(plant func(*call)) func(*call) {
	return func(c *call) {
		if c.asks == group {
			plant(c)
		}
	}
}

func onPerson(plant func(*call)) func(*call) {
	return func(c *call) {
		if c.asks == person {
			plant(c)
		}
	}
}

// first plants it only while the list is read for the first time.
func first(plant func(*call)) func(*call) {
	return func(c *call) {
		if c.reading == 1 {
			plant(c)
		}
	}
}

// all plants several.
func all(plants ...func(*call)) func(*call) {
	return func(c *call) {
		for _, plant := range plants {
			plant(c)
		}
	}
}
