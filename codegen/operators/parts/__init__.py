"""What the rooms of operators are made of: functions and facts that several of them share, referred to by value."""
