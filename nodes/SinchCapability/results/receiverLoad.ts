/**
 * The answers that this process has received and n8n has not accepted yet. The trigger keeps the
 * number, and the pace of new queries depends on it.
 */
class ReceiverLoad {
	private count = 0;

	get waiting(): number {
		return this.count;
	}

	/** @param change of the number; negative when n8n has accepted answers */
	add(change: number): void {
		this.count += change;
	}
}

export const receiverLoad = new ReceiverLoad();
