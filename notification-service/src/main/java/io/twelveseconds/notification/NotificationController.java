package io.twelveseconds.notification;

import java.util.List;
import java.util.UUID;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class NotificationController {

	private final Notifications notifications;

	NotificationController(Notifications notifications) {
		this.notifications = notifications;
	}

	/**
	 * An order nobody was told about, and one that does not exist, have an empty list.
	 */
	@GetMapping("/notifications")
	NotificationsReply notifications(@RequestParam UUID order) {
		return new NotificationsReply(this.notifications.of(order));
	}

	record NotificationsReply(List<Notifications.Notification> notifications) {
	}

}
