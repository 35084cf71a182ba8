/**
 * The answers that this process has received and n8n has not accepted yet. The trigger keeps the
 * number, and questions are paced by it.
 */
class ReceiverLoad {
	private count = 0;

	get waiting(): number {
		return this.count;
	}

	begin(): void {
		this.count += 1;
	}

	end(): void {
		this.count -= 1;
	}
}

export const receiverLoad = new ReceiverLoad();
